import { defineStore } from "pinia";
import { onScopeDispose, shallowRef } from "vue";

import type { DropClaim } from "#renderer/files/droppedFiles.ts";

/** The claim of the room that is shown, if it has one. */
export const useDropClaims = defineStore("dropClaims", () => {
  const claim = shallowRef<DropClaim | null>(null);

  /** Claims while the component that calls it is shown. */
  function claimDrops(wanted: DropClaim): void {
    claim.value = wanted;
    onScopeDispose(() => {
      if (claim.value === wanted) claim.value = null;
    });
  }

  return { claim, claimDrops };
});

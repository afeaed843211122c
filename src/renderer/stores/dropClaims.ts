import { defineStore } from "pinia";
import { onScopeDispose, shallowRef } from "vue";

import type { DroppedRoot } from "#renderer/files/droppedFiles.ts";

/** What a room takes of the files that are dropped on the window; all others are photos to denoise. */
export interface DropClaim {
  /** Shown while files that may be its own hover over the window. */
  readonly hint: string;
  /** Judges by a MIME type, all that a browser tells before the drop; folders have none. */
  mayOwn(type: string): boolean;
  owns(root: DroppedRoot): boolean;
  take(roots: readonly DroppedRoot[]): void;
}

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

/** Tells whether all that hovers may be the room's own. */
export function isOwnHover(claim: DropClaim | null, types: readonly string[]): boolean {
  return claim !== null && types.length > 0 && types.every((type) => claim.mayOwn(type));
}

/** Parts what was dropped into the room's own and the rest. */
export function splitDrop(
  claim: DropClaim | null,
  roots: readonly DroppedRoot[],
): { readonly own: readonly DroppedRoot[]; readonly others: readonly DroppedRoot[] } {
  const own = claim === null ? [] : roots.filter((root) => claim.owns(root));
  return { own, others: roots.filter((root) => !own.includes(root)) };
}

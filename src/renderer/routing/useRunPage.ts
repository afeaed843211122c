import { type Ref, watch } from "vue";
import { useRouter } from "vue-router";

import type { RunSummary } from "#shared/api/runs.ts";

import { toRunPath } from "./paths.ts";

/** Leads on to the right page where an address names a run of the other kind: a training below searches, or the reverse. */
export function useRunPage(run: Readonly<Ref<Pick<RunSummary, "kind" | "id"> | null>>, kind: RunSummary["kind"]): void {
  const router = useRouter();
  watch(
    run,
    (found) => {
      if (found !== null && found.kind !== kind) void router.replace(toRunPath(found));
    },
    { immediate: true },
  );
}

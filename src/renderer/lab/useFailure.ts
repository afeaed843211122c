import { readonly, ref } from "vue";

import { canHelpToRetry, tellFailure } from "./inWords.ts";

/** What went wrong last, as people read it, and whether asking again may bring another answer. */
export function useFailure() {
  const error = ref<string | null>(null);
  const canRetry = ref(true);
  return {
    error: readonly(error),
    canRetry: readonly(canRetry),
    fail: (failure: unknown): void => {
      error.value = tellFailure(failure);
      canRetry.value = canHelpToRetry(failure);
    },
    forget: (): void => {
      error.value = null;
    },
  };
}

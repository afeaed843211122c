import { readonly, ref } from "vue";

import { canHelpToRetry } from "./inWords.ts";
import { useLab } from "./labApi.ts";

/**
 * Loads a list as soon as there is a connection and again whenever one comes back, and tells how that went. What was
 * loaded stays on show while it is loaded again.
 */
export function useLoading(read: () => Promise<void>) {
  const isLoaded = ref(false);
  const error = ref<string | null>(null);
  /** False where asking again would bring the same answer. */
  const canRetry = ref(true);

  async function load(): Promise<void> {
    try {
      await read();
      error.value = null;
      isLoaded.value = true;
    } catch (failure) {
      error.value = failure instanceof Error ? failure.message : String(failure);
      canRetry.value = canHelpToRetry(failure);
    }
  }

  useLab().onConnected(() => void load());
  return { isLoaded: readonly(isLoaded), error: readonly(error), canRetry: readonly(canRetry), load };
}

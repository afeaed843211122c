import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Returns a function that puts text on the clipboard and says so. */
export function useCopy(): (text: string) => Promise<void> {
  const toasts = useToasts();
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.tellDone(texts.actions.copied);
    } catch (failure) {
      toasts.tellFailed(texts.charts.notCopied, failure);
    }
  };
}

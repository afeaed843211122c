import type { WindowBridge } from "#shared/api/windowBridge.ts";

declare global {
  interface Window {
    /** Missing where the page is shown by a browser. */
    readonly hinas?: WindowBridge;
  }
}

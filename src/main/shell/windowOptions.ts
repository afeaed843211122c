import type { BrowserWindowConstructorOptions } from "electron";

import { shellTexts } from "./texts.ts";

/** How the window is made: isolated from Node and from Electron, in a sandbox, shown when it has something to show. */
export function getWindowOptions(preloadFile: string): BrowserWindowConstructorOptions {
  return {
    title: shellTexts.product,
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    webPreferences: {
      preload: preloadFile,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  };
}

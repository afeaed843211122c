import type { App, BrowserWindow, BrowserWindowConstructorOptions, Dialog, Tray } from "electron";

import type { Lab } from "#shared/api/lab.ts";

import { type Closing, decideClosing } from "./closing.ts";
import { getWindowOptions } from "./windowOptions.ts";

export interface MainWindowOptions {
  readonly app: Pick<App, "quit">;
  readonly createWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  /** Makes the tray entry by which a hidden window is shown again. */
  readonly createTray: (show: () => void) => Tray;
  readonly dialog: Pick<Dialog, "showMessageBox">;
  readonly lab: Lab;
  readonly preloadFile: string;
  /** The address of the window's page. */
  readonly page: string;
  readonly log: (line: string) => void;
}

/** The program's one window. */
export interface MainWindow {
  /** Opens it, or brings it to the front. */
  show(): void;
  /** Lets it close without asking, because the program ends. */
  letClose(): void;
}

/** Prepares the window; the first `show` opens it. Closing it asks what becomes of running jobs. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  const { app, createTray, dialog, lab, log } = options;
  let window: BrowserWindow | null = null;
  let tray: Tray | null = null;
  let mayClose = false;
  const tell = (error: unknown): void => log(`window: ${error instanceof Error ? error.message : String(error)}`);
  const act = (closing: Closing): void => {
    switch (closing) {
      case "stay":
        return;
      case "keep_running":
        tray ??= createTray(show);
        window?.hide();
        return;
      case "close":
      case "pause":
        mayClose = true;
        app.quit();
    }
  };
  const open = (): BrowserWindow => {
    const opened = openWindow(options, tell);
    opened.on("close", (event) => {
      if (mayClose) return;
      event.preventDefault();
      decideClosing(lab, dialog).then(act, tell);
    });
    opened.on("closed", () => (window = null));
    return opened;
  };
  const show = (): void => {
    if (window === null) {
      window = open();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  return { show, letClose: () => (mayClose = true) };
}

/** Opens a window that shows itself once it has something to show, and loads its page again should the page crash. */
function openWindow(
  { createWindow, preloadFile, page, log }: MainWindowOptions,
  tell: (error: unknown) => void,
): BrowserWindow {
  const window = createWindow(getWindowOptions(preloadFile));
  window.once("ready-to-show", () => window.show());
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit") return;
    log(`window: its page ended (${reason}) and is loaded again; runs go on`);
    window.reload();
  });
  window.loadURL(page).catch(tell);
  return window;
}

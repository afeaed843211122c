import { BrowserWindow, app } from "electron";
import { join } from "node:path";

/** Opens the window once Electron is ready, again when the dock icon is clicked without one, and quits with the last one. */
export function setupWindow(): void {
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) reportFailure(openWindow());
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  reportFailure(app.whenReady().then(openWindow));
}

async function openWindow(): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, "../preload/preload.cjs"),
      contextIsolation: true,
      nodeIntegration: false,
      sandbox: true,
    },
  });
  window.once("ready-to-show", () => window.show());
  const devServer = process.env.ELECTRON_RENDERER_URL;
  if (devServer !== undefined && !app.isPackaged) await window.loadURL(devServer);
  else await window.loadFile(join(import.meta.dirname, "../renderer/index.html"));
}

/** A window that cannot be shown has nowhere to say so but the terminal. */
function reportFailure(opening: Promise<void>): void {
  opening.catch((error: unknown) => {
    process.stderr.write(`window: ${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  });
}

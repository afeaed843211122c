import { app, BrowserWindow, dialog, ipcMain, Menu, nativeImage, protocol, shell, Tray } from "electron";
import { join } from "node:path";

import { createWebRoutes } from "#main/api/webRoutes.ts";
import { createLab } from "#main/lab/lab.ts";
import { setThreadEntry } from "#main/photos/threads/inThread.ts";
import { setStarterEntry, warmStarter } from "#main/processes/startProcess.ts";
import { getLabHome, getShippedModelsFolder } from "#main/store/labHome.ts";
import type { Lab } from "#shared/api/lab.ts";

import { ORIGIN } from "./channels.ts";
import { setupDialogs } from "./dialogs.ts";
import { setupLockdown } from "./lockdown.ts";
import { createMainWindow, type MainWindow } from "./mainWindow.ts";
import { buildMenu } from "./menu.ts";
import { answerScheme, registerScheme } from "./scheme.ts";
import { shellTexts } from "./texts.ts";
import { findDevServer, listTrustedOrigins } from "./trust.ts";
import { setupWindowIpc } from "./windowIpc.ts";

/** True in a build of `npm run dev` and in no other; electron.vite.config.ts puts it in. */
declare const IS_DEVELOPMENT: boolean;

/** The folder of the program: above the built main process. */
const PROGRAM_FOLDER = join(import.meta.dirname, "../..");
const RENDERER_FOLDER = join(PROGRAM_FOLDER, "out/renderer");
const RESOURCES_FOLDER = join(PROGRAM_FOLDER, "resources");

/** Starts the program with its window; a second start shows the window of the first. */
export function startShell(): void {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  setupLockdown(app);
  registerScheme(protocol);
  setStarterEntry(join(import.meta.dirname, "starter.js"));
  warmStarter();
  setThreadEntry(join(import.meta.dirname, "photoThread.js"));
  const lab = createLab({
    home: getLabHome(),
    log,
    computeEntry: join(import.meta.dirname, "worker.js"),
    presetsFolder: join(RESOURCES_FOLDER, "presets"),
    shippedModelsFolder: getShippedModelsFolder(RESOURCES_FOLDER),
  });
  const origins = listTrustedOrigins(ORIGIN, findDevServer(process.env, IS_DEVELOPMENT));
  setupWindowIpc({ ipcMain, lab, origins, log });
  setupDialogs({ ipcMain, dialog, shell, origins });
  const window = setupWindow(lab, `${origins.at(-1) ?? ORIGIN}/`);
  setupEnd(lab, window);
  app
    .whenReady()
    .then(() => {
      answerScheme(protocol, createWebRoutes({ lab, rendererFolder: RENDERER_FOLDER, log }));
      Menu.setApplicationMenu(Menu.buildFromTemplate(buildMenu(process.platform)));
      window.show();
      void lab.queueAgain();
      lab.watchSites();
    })
    .catch(failToStart);
}

function setupWindow(lab: Lab, page: string): MainWindow {
  const window = createMainWindow({
    app,
    createWindow: (options) => new BrowserWindow(options),
    createTray,
    dialog,
    lab,
    preloadFile: join(import.meta.dirname, "../preload/preload.cjs"),
    page,
    log,
  });
  app.on("second-instance", window.show);
  app.on("activate", window.show);
  app.on("window-all-closed", () => app.quit());
  return window;
}

function createTray(show: () => void): Tray {
  const icon = nativeImage.createFromPath(join(RESOURCES_FOLDER, "icon.png")).resize({ width: 22, height: 22 });
  const tray = new Tray(icon);
  tray.setToolTip(shellTexts.product);
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: shellTexts.tray.show, click: show },
      { label: shellTexts.tray.quit, click: () => app.quit() },
    ]),
  );
  tray.on("click", show);
  return tray;
}

/** The program ends when running jobs have saved a checkpoint and not before. */
function setupEnd(lab: Lab, window: MainWindow): void {
  let isEnding = false;
  app.on("before-quit", (event) => {
    window.letClose();
    if (isEnding) return;
    isEnding = true;
    event.preventDefault();
    lab
      .close()
      .catch((error: unknown) => log(String(error)))
      .finally(() => app.exit(0));
  });
}

/** A window that cannot be shown has nowhere to say so but the terminal. */
function failToStart(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  app.exit(1);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

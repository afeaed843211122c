import { contextBridge, ipcRenderer, webUtils } from "electron";

import type { WindowBridge } from "#shared/api/windowBridge.ts";

import { CHANNELS, ORIGIN } from "./channels.ts";

let receive: (message: string) => void = () => undefined;
ipcRenderer.on(CHANNELS.message, (_event, message: string) => receive(message));

const bridge: WindowBridge = {
  electronVersion: process.versions.electron,
  platform: process.platform,
  origin: ORIGIN,
  postMessage: (message) => ipcRenderer.send(CHANNELS.message, message),
  onMessage: (listener) => {
    receive = listener;
    ipcRenderer.send(CHANNELS.connect);
  },
  getPathForFile: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  chooseFolder: (title) => ipcRenderer.invoke(CHANNELS.chooseFolder, title) as Promise<string | null>,
  choosePhotos: (title) => ipcRenderer.invoke(CHANNELS.choosePhotos, title) as Promise<readonly string[]>,
  chooseSaveFile: (title, suggestedPath) =>
    ipcRenderer.invoke(CHANNELS.chooseSaveFile, title, suggestedPath) as Promise<string | null>,
  showInFolder: (path) => ipcRenderer.invoke(CHANNELS.showInFolder, path) as Promise<void>,
};
contextBridge.exposeInMainWorld("hinas", bridge);

import { contextBridge } from "electron";
import type { WindowBridge } from "#shared/api/windowBridge.ts";

const bridge: WindowBridge = { electronVersion: process.versions.electron };
contextBridge.exposeInMainWorld("hinas", bridge);

import type { Dialog, IpcMain, IpcMainInvokeEvent, Shell } from "electron";
import { isAbsolute } from "node:path";

import { z } from "zod";

import { PHOTO_EXTENSIONS } from "#main/photos/photoFormat.ts";

import { CHANNELS } from "./channels.ts";
import { shellTexts } from "./texts.ts";
import { isTrustedSender } from "./trust.ts";

export interface DialogOptions {
  readonly ipcMain: Pick<IpcMain, "handle">;
  readonly dialog: Pick<Dialog, "showOpenDialog" | "showSaveDialog">;
  readonly shell: Pick<Shell, "showItemInFolder">;
  readonly origins: readonly string[];
}

const titleSchema = z.string().max(200);
const pathSchema = z.string().max(4096);

/** Opens the system's dialogs for the window. Calls of unknown senders, and arguments of another kind, are refused by throwing. */
export function setupDialogs({ ipcMain, dialog, shell, origins }: DialogOptions): void {
  const handle = <Answer>(channel: string, answer: (...args: unknown[]) => Promise<Answer>): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...args: unknown[]) => {
      if (!isTrustedSender(event.senderFrame, origins)) throw new Error(`${channel}: the sender is unknown`);
      return answer(...args);
    });
  };
  const photos = [{ name: shellTexts.photos, extensions: PHOTO_EXTENSIONS.map((extension) => extension.slice(1)) }];
  handle(CHANNELS.chooseFolder, async (title) => {
    const chosen = await dialog.showOpenDialog({ title: titleSchema.parse(title), properties: ["openDirectory"] });
    return chosen.filePaths[0] ?? null;
  });
  handle(CHANNELS.choosePhotos, async (title) => {
    const properties = ["openFile", "multiSelections"] as const;
    const options = { title: titleSchema.parse(title), properties: [...properties], filters: photos };
    return (await dialog.showOpenDialog(options)).filePaths;
  });
  handle(CHANNELS.chooseSaveFile, async (title, suggestedPath) => {
    const options = { title: titleSchema.parse(title), defaultPath: pathSchema.parse(suggestedPath), filters: photos };
    const { canceled, filePath } = await dialog.showSaveDialog(options);
    return canceled ? null : filePath;
  });
  handle(CHANNELS.showInFolder, async (path) => {
    const file = pathSchema.refine(isAbsolute).parse(path);
    shell.showItemInFolder(file);
  });
}

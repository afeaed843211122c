import type { IpcMain, OpenDialogOptions, SaveDialogOptions } from "electron";
import { describe, expect, it } from "vitest";

import { CHANNELS } from "#main/shell/channels.ts";
import { setupDialogs } from "#main/shell/dialogs.ts";

import { FakeIpc, OWN_FRAME } from "./fakeElectron.ts";

function setup(chosen: readonly string[]) {
  const ipc = new FakeIpc();
  const shown: (OpenDialogOptions | SaveDialogOptions | string)[] = [];
  const dialog = {
    showOpenDialog: (options: OpenDialogOptions) => {
      shown.push(options);
      return Promise.resolve({ canceled: chosen.length === 0, filePaths: [...chosen] });
    },
    showSaveDialog: (options: SaveDialogOptions) => {
      shown.push(options);
      return Promise.resolve({ canceled: chosen.length === 0, filePath: chosen[0] ?? "" });
    },
  };
  setupDialogs({
    ipcMain: ipc as unknown as IpcMain,
    dialog: dialog,
    shell: { showItemInFolder: (path) => shown.push(path) },
    origins: ["hinas://app"],
  });
  return { ipc, shown };
}

describe("dialogs", () => {
  it("give what the person chose", async () => {
    const { ipc, shown } = setup(["/photos/a.png", "/photos/b.png"]);
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.chooseFolder, "Photos")).toBe("/photos/a.png");
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.choosePhotos, "Photos")).toEqual(["/photos/a.png", "/photos/b.png"]);
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.chooseSaveFile, "Save", "/x/y.tif")).toBe("/photos/a.png");
    expect(shown).toMatchObject([
      { title: "Photos", properties: ["openDirectory"] },
      { filters: [{ extensions: ["png", "tif", "tiff", "jpg", "jpeg", "webp", "avif"] }] },
      { title: "Save", defaultPath: "/x/y.tif" },
    ]);
  });

  it("give nothing where the person thought better of it", async () => {
    const { ipc } = setup([]);
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.chooseFolder, "")).toBeNull();
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.choosePhotos, "")).toEqual([]);
    expect(await ipc.invoke(OWN_FRAME, CHANNELS.chooseSaveFile, "", "x")).toBeNull();
  });

  it("refuse other senders, other arguments and relative paths", async () => {
    const { ipc, shown } = setup(["/x"]);
    const foreign = { url: "https://evil.example/", parent: null };
    for (const channel of ipc.handlers.keys()) {
      await expect(ipc.invoke(foreign, channel, "x", "/x")).rejects.toThrow("the sender is unknown");
      await expect(ipc.invoke(OWN_FRAME, channel, { title: "x" })).rejects.toThrow();
    }
    await expect(ipc.invoke(OWN_FRAME, CHANNELS.showInFolder, "x")).rejects.toThrow();
    expect(shown).toEqual([]);
    await ipc.invoke(OWN_FRAME, CHANNELS.showInFolder, "/x");
    expect(shown).toEqual(["/x"]);
  });

  it("listen on their own channels and on no others", () => {
    const { ipc } = setup([]);
    const { chooseFolder, choosePhotos, chooseSaveFile, showInFolder } = CHANNELS;
    expect([...ipc.handlers.keys()]).toEqual([chooseFolder, choosePhotos, chooseSaveFile, showInFolder]);
  });
});

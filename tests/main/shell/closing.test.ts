import { EventEmitter } from "node:events";

import type { BrowserWindow, Dialog, MessageBoxOptions, Tray } from "electron";
import { describe, expect, it } from "vitest";

import { decideClosing } from "#main/shell/closing.ts";
import { createMainWindow } from "#main/shell/mainWindow.ts";
import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

/** A dialog in which a person always presses the same button. */
function press(response: number, checkboxChecked = false) {
  const asked: MessageBoxOptions[] = [];
  const showMessageBox = (options: MessageBoxOptions) => {
    asked.push(options);
    return Promise.resolve({ response, checkboxChecked });
  };
  return { asked, dialog: { showMessageBox } as unknown as Dialog };
}

async function openBusyLab(): Promise<Lab> {
  const { lab } = openLab(await makeFolder());
  const dataset = await writePhotos(await makeFolder(), 3);
  await lab.startSearch(searchConfigSchema.parse({ name: "wait at 7", data: { dataset } }));
  return lab;
}

describe("closing the window", () => {
  it("asks nothing where nothing runs", async () => {
    const { lab } = openLab(await makeFolder());
    const { asked, dialog } = press(0);
    expect(await decideClosing(lab, dialog)).toBe("close");
    expect(asked).toEqual([]);
  });

  it.each([
    [0, "keep_running"],
    [1, "pause"],
    [2, "stay"],
  ] as const)("does what button %i says: %s", async (button, closing) => {
    const lab = await openBusyLab();
    const { asked, dialog } = press(button);
    expect(await decideClosing(lab, dialog)).toBe(closing);
    expect(asked[0]?.message).toBe("A job is still at work.");
    expect((await lab.getPreferences()).closing).toBe("ask");
  });

  it("asks once where the answer is for every time, and never takes staying for an answer", async () => {
    const lab = await openBusyLab();
    const staying = press(2, true);
    expect(await decideClosing(lab, staying.dialog)).toBe("stay");
    const { asked, dialog } = press(0, true);
    expect(await decideClosing(lab, dialog)).toBe("keep_running");
    expect(await decideClosing(lab, dialog)).toBe("keep_running");
    expect(asked).toHaveLength(1);
  });
});

class FakeWindow extends EventEmitter {
  readonly webContents = new EventEmitter();
  readonly calls: string[] = [];
  isMinimized = () => false;
  restore = () => this.calls.push("restore");
  show = () => this.calls.push("show");
  focus = () => this.calls.push("focus");
  hide = () => this.calls.push("hide");
  reload = () => this.calls.push("reload");
  loadURL = (url: string) => {
    this.calls.push(url);
    return Promise.resolve();
  };
}

function openMain(lab: Lab, dialog: Dialog) {
  const windows: FakeWindow[] = [];
  const quits: string[] = [];
  const trays: (() => void)[] = [];
  const main = createMainWindow({
    app: { quit: () => quits.push("quit") },
    createWindow: () => {
      const window = new FakeWindow();
      windows.push(window);
      return window as unknown as BrowserWindow;
    },
    createTray: (show) => {
      trays.push(show);
      return {} as Tray;
    },
    dialog,
    lab,
    preloadFile: "/preload.cjs",
    page: "hinas://app/",
    log: () => undefined,
  });
  return { main, windows, quits, trays };
}

describe("the main window", () => {
  it("opens once, and is brought to the front when it is asked for again", async () => {
    const { main, windows } = openMain(await openBusyLab(), press(0).dialog);
    main.show();
    windows[0]?.emit("ready-to-show");
    main.show();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.calls).toEqual(["hinas://app/", "show", "show", "focus"]);
  });

  it("hides behind a tray entry and keeps running, and comes back from there", async () => {
    const { main, windows, quits, trays } = openMain(await openBusyLab(), press(0).dialog);
    main.show();
    let isPrevented = false;
    windows[0]?.emit("close", { preventDefault: () => (isPrevented = true) });
    await expect.poll(() => windows[0]?.calls).toContain("hide");
    expect(isPrevented).toBe(true);
    expect(quits).toEqual([]);
    trays[0]?.();
    expect(windows[0]?.calls.slice(-2)).toEqual(["show", "focus"]);
  });

  it("quits where nothing runs, and then closes without asking again", async () => {
    const { lab } = openLab(await makeFolder());
    const { main, windows, quits } = openMain(lab, press(0).dialog);
    main.show();
    windows[0]?.emit("close", { preventDefault: () => undefined });
    await expect.poll(() => quits).toEqual(["quit"]);
    let isPrevented = false;
    windows[0]?.emit("close", { preventDefault: () => (isPrevented = true) });
    expect(isPrevented).toBe(false);
  });

  it("loads its page again where that has crashed", async () => {
    const { lab } = openLab(await makeFolder());
    const { main, windows } = openMain(lab, press(0).dialog);
    main.show();
    windows[0]?.webContents.emit("render-process-gone", {}, { reason: "clean-exit" });
    expect(windows[0]?.calls).not.toContain("reload");
    windows[0]?.webContents.emit("render-process-gone", {}, { reason: "crashed" });
    expect(windows[0]?.calls).toContain("reload");
  });
});

import { EventEmitter } from "node:events";

import type { App } from "electron";
import { describe, expect, it } from "vitest";

import { setupLockdown } from "#main/shell/lockdown.ts";
import { buildMenu } from "#main/shell/menu.ts";
import { getWindowOptions } from "#main/shell/windowOptions.ts";

class FakeApp extends EventEmitter {
  isSandboxed = false;
  enableSandbox(): void {
    this.isSandboxed = true;
  }
}

/** Contents that remember how new windows are answered. */
class FakePage extends EventEmitter {
  openWindow: (details: unknown) => { readonly action: string } = () => ({ action: "allow" });
  setWindowOpenHandler(handler: (details: unknown) => { readonly action: string }): void {
    this.openWindow = handler;
  }
}

function lockDown(): FakeApp {
  const app = new FakeApp();
  setupLockdown(app as unknown as App);
  return app;
}

describe("the lockdown", () => {
  it("puts every page into a sandbox", () => {
    expect(lockDown().isSandboxed).toBe(true);
  });

  it("refuses new windows, other addresses and web views", () => {
    const page = new FakePage();
    lockDown().emit("web-contents-created", {}, page);
    expect(page.openWindow({ url: "https://example.org" })).toEqual({ action: "deny" });
    for (const name of ["will-navigate", "will-redirect", "will-attach-webview"]) {
      let isPrevented = false;
      page.emit(name, { preventDefault: () => (isPrevented = true) });
      expect(isPrevented).toBe(true);
    }
  });

  it("grants the copying of text and nothing else", () => {
    type Ask = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;
    let ask: Ask = () => undefined;
    let check: (contents: unknown, permission: string) => boolean = () => true;
    lockDown().emit("session-created", {
      setPermissionRequestHandler: (handler: Ask) => (ask = handler),
      setPermissionCheckHandler: (handler: typeof check) => (check = handler),
    });
    const granted = (permission: string): boolean => {
      let answer = false;
      ask(null, permission, (isGranted) => (answer = isGranted));
      expect(check(null, permission)).toBe(answer);
      return answer;
    };
    expect(granted("clipboard-sanitized-write")).toBe(true);
    expect(granted("notifications")).toBe(true);
    for (const permission of ["media", "geolocation", "clipboard-read", "openExternal", "fileSystem"]) {
      expect(granted(permission)).toBe(false);
    }
  });
});

describe("the window", () => {
  it("keeps its page apart from Node and Electron", () => {
    expect(getWindowOptions("/out/preload.cjs").webPreferences).toMatchObject({
      preload: "/out/preload.cjs",
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
    });
  });

  it("is never smaller than its layout allows", () => {
    expect(getWindowOptions("")).toMatchObject({ minWidth: 1024, minHeight: 700, show: false });
  });

  it("has the menus by which text is copied, on every system", () => {
    for (const platform of ["linux", "win32", "darwin"] as const) {
      expect(buildMenu(platform).map(({ role }) => role)).toContain("editMenu");
    }
    expect(buildMenu("darwin")[0]).toEqual({ role: "appMenu" });
  });
});

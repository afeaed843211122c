import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import type { Locator, Page } from "playwright-core";

/** What stories say again and again of a page that shows the lab. */
export interface WindowPage {
  /** Leads to a room by its address. */
  goTo(path: string): Promise<unknown>;
  /** The first button of this name; a text must be the whole name. */
  button(name: string | RegExp): Locator;
  /** The panel under this title. */
  panel(title: string): Locator;
  /** Types into the field of this label, which is there once. */
  fill(label: string, text: string): Promise<void>;
  /** Adds a folder of photos in the room of data sets and goes to it. */
  addPhotos(folder: string): Promise<void>;
  /** Drops PNG or JSON files on the middle of the window, wherever it is. */
  drop(files: readonly string[]): Promise<void>;
  /** Waits until the room's own part, not the menu, says exactly this. */
  waitForText(text: string, timeout?: number): Promise<void>;
}

/** Takes a page by its address; the token in that is needed no more. */
export function toWindowPage(page: Page, url: string): WindowPage {
  const main = page.getByRole("main");
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" }).first();
  const fill = (label: string, text: string) => page.getByRole("textbox", { name: label, exact: true }).fill(text);
  return {
    goTo: (path) => page.goto(`${url}#${path}`),
    button,
    panel: (title) => page.getByRole("region", { name: title, exact: true }),
    fill,
    addPhotos: async (folder) => {
      await button("Add a data set").click();
      await fill("Folder of photos", folder);
      await button("Add").click();
      // Not the link to its import, which stands in the bar while that runs.
      await main.getByRole("link", { name: basename(folder) }).click();
    },
    drop: (files) => drop(page, files),
    waitForText: (text, timeout) =>
      main
        .getByText(text, { exact: true })
        .first()
        .waitFor(timeout === undefined ? {} : { timeout }),
  };
}

/** What a page has and these tests' types do not. */
interface PageGlobals {
  readonly DataTransfer: new () => { readonly items: { add(file: File): void } };
}

async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = paths.map(async (path) => ({ name: basename(path), base64: await readFile(path, "base64") }));
  const dataTransfer = await page.evaluateHandle(
    (given) => {
      const transfer = new (globalThis as unknown as PageGlobals).DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(
          new File([bytes], name, { type: name.endsWith(".json") ? "application/json" : "image/png" }),
        );
      }
      return transfer;
    },
    await Promise.all(files),
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer });
  await page.dispatchEvent("body", "drop", { dataTransfer });
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { makeTinySearch } from "#tests/helpers/tinySearch.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
const FOLD_PX = 900;
const EPOCHS = 4;

describe.skipIf(browserPath === null)("the cockpit of a search (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let complaints: readonly string[];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const home = await makeFolder(onEnd);
    lab = createLab({ home, log: () => undefined });
    ends.push(() => lab.close());
    const photos = await writePhotos(join(home, "mine"), 10, 48);
    await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
    const config = makeTinySearch({ name: "seen", data: { dataset: "mine" }, epochs: EPOCHS });
    const { id } = await lab.startSearch(searchConfigSchema.parse(config));
    expect(await lab.waitForRun(id)).toMatchObject({ state: "finished" });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page, complaints } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
    await at.goTo(`/search/${id}`);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const bottomOf = async (title: string): Promise<number> => {
    const box = await at.panel(title).boundingBox();
    return box === null ? Infinity : box.y + box.height;
  };

  it("has cell, op weights, width path and sample photo on the first screen of 1440 x 900", async () => {
    await at.panel("Op weights").waitFor({ timeout: MINUTE_MS });
    for (const title of ["Op weights", "Cell so far", "Width path", "Sample photo"]) {
      expect(await bottomOf(title), title).toBeLessThanOrEqual(FOLD_PX);
    }
  });

  it("shows the clean photo beside what went in and came out, with their PSNR", async () => {
    const panel = at.panel("Sample photo");
    const clean = panel.getByRole("img", { name: "The same photo without noise" });
    await expect
      .poll(() => clean.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth))
      .toBe(48);
    expect(await panel.locator("figcaption").allTextContents()).toEqual([
      expect.stringMatching(/^\s*\d+\.\d\d dB\s+denoised, epoch 4/) as string,
      expect.stringMatching(/^\s*\d+\.\d\d dB\s+noisy/) as string,
      expect.stringMatching(/clean/) as string,
    ]);
  });

  it("tells since which epoch each edge is decided, or that it is not", async () => {
    const rows = at.panel("How decided each edge is").locator("tbody tr");
    for (const text of await rows.allTextContents()) expect(text).toMatch(/since epoch \d|within noise/);
  });

  it("has legends that follow the scrubber", async () => {
    const legend = at.panel("Validation PSNR").locator(".legend");
    const newest = await legend.textContent();
    await page.getByRole("main").focus();
    await page.keyboard.press("Home");
    await at.waitForText("a past epoch, everywhere");
    await expect.poll(() => legend.textContent()).not.toBe(newest);
    await page.keyboard.press("End");
    await expect.poll(() => legend.textContent()).toBe(newest);
  });

  it("draws beta as a map of moves by epochs, and shows the epoch that is clicked", async () => {
    const panel = at.panel("Move weights by epoch");
    const map = panel.getByRole("img", { name: "Move weights by epoch: choices by epochs" });
    await map.scrollIntoViewIfNeeded();
    await map.click({ position: { x: 2, y: 2 } });
    await at.waitForText("Epoch 1 of 4");
    await panel.getByRole("button", { name: "Show as a table" }).click();
    expect(await panel.locator("thead th").allTextContents()).toEqual(["Choice", "1", "2", "3", "4"]);
    await panel.getByRole("button", { name: "Show as a table" }).click();
    await page.getByRole("main").focus();
    await page.keyboard.press("End");
  });

  it("leaves out edges below the threshold, and saves the cell as SVG", async () => {
    const panel = at.panel("Cell so far");
    const names = panel.locator("svg[role=img] text").filter({ hasText: /conv_3x3|skip_connect/ });
    expect(await names.count()).toBe(2);
    await panel.getByRole("slider", { name: "From weight" }).press("End");
    await expect.poll(() => names.count()).toBe(0);
    await panel.getByRole("slider", { name: "From weight" }).press("Home");
    await expect.poll(() => names.count()).toBe(2);
    const downloaded = page.waitForEvent("download");
    await panel.getByRole("button", { name: "Save as SVG" }).click();
    expect(String(await readFile(await (await downloaded).path()))).toMatch(/^<svg .*concat.*<\/svg>\n$/s);
  });

  it("plays the search from first to last epoch, and then follows the newest again", async () => {
    await at.button("Play the search from here").click();
    await at.button("Stop playing").waitFor();
    await at.waitForText("Epoch 1 of 4");
    await at.waitForText("Epoch 3 of 4", MINUTE_MS);
    await at.button("Play the search from here").waitFor({ timeout: MINUTE_MS });
    await at.waitForText("following the newest");
  });

  it("saves the search as an animation", { timeout: 3 * MINUTE_MS }, async () => {
    const downloaded = page.waitForEvent("download", { timeout: 2 * MINUTE_MS });
    await at.button("Save the search as an animated GIF").click();
    const { format, pages } = await sharp(await (await downloaded).path()).metadata();
    expect(format).toBe("gif");
    expect(pages).toBeGreaterThan(20);
  });

  it("remembers which panels are hidden, moved and large when it is opened again", async () => {
    const arrange = async (title: string, entry: string): Promise<void> => {
      await page.getByRole("button", { name: `Arrange “${title}”` }).click();
      await page.getByRole("menuitem", { name: entry }).click();
    };
    await arrange("Op weights", "Hide");
    await arrange("Width path", "Enlarge");
    await arrange("Loss", "Move forward");
    await page.reload();
    await at.panel("Width path").waitFor({ timeout: MINUTE_MS });
    expect(await at.panel("Op weights").count()).toBe(0);
    const widthOf = async (title: string) => (await at.panel(title).boundingBox())?.width ?? 0;
    expect(await widthOf("Width path")).toBeGreaterThan(2 * (await widthOf("Cell so far")));
    const titles = await page.getByRole("main").locator(".board h2").allTextContents();
    expect(titles.indexOf("Loss")).toBeLessThan(titles.indexOf("Width path"));
    await at.button("Arrange as at first").click();
    await at.panel("Op weights").waitFor();
  });

  it("moves a panel that is dragged by its title onto another", async () => {
    const titles = () => page.getByRole("main").locator(".board h2").allTextContents();
    expect((await titles())[0]).toBe("Op weights");
    await at.panel("Cell so far").locator("header h2").dragTo(at.panel("Op weights"));
    await expect.poll(async () => (await titles())[0]).toBe("Cell so far");
    await at.button("Arrange as at first").click();
  });

  it("shows the search's PSNR beside size, cost and memory of what it derives, and in the library", async () => {
    await at.button("Derive the best epoch").click();
    const dialog = page.getByRole("dialog");
    const facts = dialog.locator("dl > div");
    await facts
      .filter({ hasText: "Memory to denoise" })
      .getByText(/^\d+ .?B\/MP$|^[\d.]+ .B\/MP$/)
      .waitFor();
    const psnr = await facts.filter({ hasText: "Validation PSNR" }).locator("dd").textContent();
    expect(psnr).toMatch(/^\d+\.\d\d dB$/);
    await page.keyboard.press("Escape");
    await at.goTo("/architectures");
    await page
      .getByRole("main")
      .getByText(psnr ?? "none", { exact: true })
      .waitFor();
  });

  it("draws the space of a new search, which is changed in the picture as in the form", async () => {
    await at.goTo("/search/new");
    const picture = page.getByRole("group", { name: "The search space as a picture" });
    const nodes = page.getByLabel("Nodes", { exact: true });
    await nodes.fill("2");
    await picture.getByRole("img", { name: /^Cell of 2 nodes; on each of its 5 edges/ }).waitFor();
    await picture.getByRole("button", { name: "More nodes" }).press("Enter");
    await picture.getByRole("img", { name: /^Cell of 3 nodes; on each of its 9 edges/ }).waitFor();
    expect(await nodes.inputValue()).toBe("3");
    await expect.poll(() => page.getByRole("textbox", { name: "As YAML" }).inputValue()).toContain("nodes: 3");
  });

  it("had nothing to complain of all the while", () => {
    expect(complaints).toEqual([]);
  });
});

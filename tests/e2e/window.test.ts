import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { LabServer } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder, writeManyPhotos } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { toTinySearch } from "#tests/helpers/tinySearch.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;

/** The smallest search that has more than one epoch, for the real engine. */
const TINY_SEARCH = toTinySearch({ name: "tiny", data: { maxPhotos: 8 }, epochs: 6 });

describe.skipIf(browserPath === null)("the window in a browser (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let browser: Browser;
  let server: LabServer;
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let complaints: readonly string[];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const home = await makeFolder(onEnd);
    lab = createLab({ home, log: () => undefined });
    ends.push(() => lab.close());
    ({ server, browser } = await serveWindow(lab, browserPath, onEnd));
    ({ page, complaints } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it("offers the demo to who has nothing yet, and takes the token out of the address", async () => {
    await page.getByRole("button", { name: "Start the demo search" }).waitFor();
    expect(page.url()).not.toContain("token");
  });

  it(
    "starts the demo that suits the engine",
    async () => {
      await at.button("Start the demo search").click();
      await expect.poll(() => page.url(), { timeout: 2 * MINUTE_MS }).toMatch(/\/search\/[0-9A-Z]{26}/);
      const [run] = await lab.listRuns();
      const isNative = (await lab.chooseDemoPreset()) === "demo";
      expect(run?.name).toBe(isNative ? "demo search" : "demo search (plain JavaScript)");
      await lab.controlRun(run!.id, "stop");
      await lab.waitForRun(run!.id);
      await lab.removeRun(run!.id);
    },
    3 * MINUTE_MS,
  );

  it(
    "adds a folder of 5,000 photos and shows any of them within seconds, without holding them all",
    async () => {
      const folder = await writeManyPhotos(join(await makeFolder((end) => ends.push(end)), "many"), 5000);
      await page.keyboard.press("g");
      await page.keyboard.press("d");
      await at.button("Add a data set").click();
      await page.getByLabel("Folder of photos").fill(folder);
      await at.button("Add").click();
      await page
        .getByRole("main")
        .getByRole("link", { name: /many/ })
        .click({ timeout: 2 * MINUTE_MS });
      const gallery = page.getByRole("region", { name: "Photos" }).last();
      const tiles = gallery.getByRole("listitem");
      const picture = (index: number) =>
        gallery.getByRole("img", { name: `photo-${String(index).padStart(4, "0")}.png` });
      await picture(0).waitFor();
      await gallery.focus();
      const mostTiles = [await tiles.count()];
      const begin = performance.now();
      await page.keyboard.press("End");
      await picture(4999).waitFor();
      await expect
        .poll(() => picture(4999).evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth))
        .toBe(16);
      expect(performance.now() - begin).toBeLessThan(10_000);
      for (let turn = 0; turn < 30; turn++) {
        await page.keyboard.press("PageUp");
        mostTiles.push(await tiles.count());
      }
      expect(Math.max(...mostTiles)).toBeLessThan(100);
      await page.keyboard.press("Home");
      await picture(0).waitFor();
    },
    4 * MINUTE_MS,
  );

  it("says in the form what is wrong with a setting, and does not start", async () => {
    await at.goTo("/search/new");
    await page.getByLabel("Epochs", { exact: true }).fill("0");
    await page.getByText("search.epochs must be more than 0, got 0").first().waitFor();
    expect(await at.button("Start the search").isDisabled()).toBe(true);
  });

  it("keeps form, YAML and command the same", async () => {
    await page.getByRole("textbox", { name: "As YAML" }).fill(TINY_SEARCH);
    await expect.poll(() => page.getByLabel("Epochs", { exact: true }).inputValue()).toBe("6");
    await page.getByLabel("Seed").fill("7");
    await page.getByText("--set seed=7").waitFor();
    await expect.poll(() => page.getByRole("textbox", { name: "As YAML" }).inputValue()).toContain("seed: 7");
  });

  it(
    "runs a search: curves and op weights come in, it pauses, goes on and finishes",
    async () => {
      await at.button("Start the search").click();
      await page.getByRole("img", { name: /Op weights of layer 0 at epoch/ }).waitFor({ timeout: 3 * MINUTE_MS });
      await at.button("Pause").click();
      await page.getByRole("main").getByText("paused", { exact: true }).first().waitFor({ timeout: MINUTE_MS });
      await at.button("Resume").click();
      await page
        .getByRole("main")
        .getByText("finished", { exact: true })
        .first()
        .waitFor({ timeout: 3 * MINUTE_MS });
      await page.getByRole("img", { name: /^Loss\. Values: weights half \d/ }).waitFor();
      await page.getByText("Epoch 6 of 6").waitFor();
    },
    8 * MINUTE_MS,
  );

  it("moves every picture to the epoch that is scrubbed to, and derives from it", async () => {
    await page.getByRole("main").focus();
    await page.keyboard.press("Home");
    await page.getByRole("img", { name: "Op weights of layer 0 at epoch 1: edges by primitives" }).waitFor();
    await page.getByRole("img", { name: "Cell of layer 0 that would be derived from epoch 1" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await at.button("Derive epoch 2").click();
    await page.getByRole("dialog").getByText("Derived from epoch 2").waitFor();
    // Keys are the dialog's while it is open: neither the scrubber nor the menu moves behind it.
    for (const key of ["ArrowLeft", "g", "s"]) await page.keyboard.press(key);
    expect(await lab.listArchitectures()).toHaveLength(1);
    await page.keyboard.press("Escape");
    await page.getByRole("img", { name: "Op weights of layer 0 at epoch 2: edges by primitives" }).waitFor();
  });

  it("derives the newest epoch too while it follows, which need not be the best one", async () => {
    await at.button("Follow the newest").click();
    await at.button("Derive epoch 6").click();
    await page.getByRole("dialog").getByText("Derived from epoch 6").waitFor();
    await page.keyboard.press("Escape");
    await at.button("Derive the best epoch").click();
    await page
      .getByRole("dialog")
      .getByText(/Derived from epoch \d/)
      .waitFor();
    await page.keyboard.press("Escape");
  });

  it("shows the move weights as a table, and saves their drawing as it looks", async () => {
    const panel = at.panel("Width path");
    await panel.getByRole("button", { name: "Show as a table" }).click();
    await panel.getByRole("row", { name: /layer 0 width ×1 – 0\.\d{4}/ }).waitFor();
    await panel.getByRole("button", { name: "Show as a table" }).click();
    const downloaded = page.waitForEvent("download");
    await panel.getByRole("button", { name: "Save as PNG" }).click();
    const saved = sharp(await (await downloaded).path());
    const { channels, isOpaque } = await saved.stats();
    expect(isOpaque).toBe(true);
    // Lines of the accent's colour lie on a light ground.
    expect(channels[0]).toMatchObject({ max: 255 });
    expect(channels[0]?.min).toBeLessThan(60);
  });

  it("zooms a chart by its menu, without a mouse", async () => {
    const panel = page.locator("section", { has: page.getByRole("heading", { name: "Loss", exact: true }) }).last();
    await panel.getByRole("button", { name: "More actions" }).press("Enter");
    await page.getByRole("menuitem", { name: "Zoom in on the last quarter" }).press("Enter");
    await panel.getByRole("button", { name: "Whole range" }).press("Enter");
    await panel.getByRole("button", { name: "Whole range" }).waitFor({ state: "hidden" });
  });

  it("shows a chart as a table with the values of the run", async () => {
    const panel = page.locator("section", { has: page.getByRole("heading", { name: "Loss", exact: true }) }).last();
    await panel.getByRole("button", { name: "Show as a table" }).click();
    const rows = page.getByRole("region", { name: "Loss as a table" }).getByRole("row");
    const [run] = await lab.listRuns();
    // A fast run does not tell every step.
    const steps = (await lab.readRunEvents(run?.id ?? "")).filter((event) => event.type === "step");
    await expect.poll(() => rows.count()).toBe(steps.length + 1);
    // There is no drawing to save.
    await panel.getByRole("button", { name: "More actions" }).click();
    expect(await page.getByRole("menuitem", { name: "Save as PNG" }).getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("Escape");
  });

  it("shows the run as it was after the page is loaded again", async () => {
    await page.reload();
    await page.getByText("Epoch 6 of 6").waitFor();
  });

  it("tells who comes with a wrong token where the right one is", async () => {
    const { page: stranger } = await openPage(browser, server.url.replace(server.token, "guess"));
    await stranger.getByText(/refused this window/).waitFor();
    await stranger.context().close();
  });

  it("had nothing to complain of all the while", () => {
    expect(complaints).toEqual([]);
  });
});

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { readPixels } from "#tests/helpers/pictures.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** Smaller than a pane, so that all of it is on show at true size. */
const SIDE = 64;

/** What these tests use of a browser's canvas, which Node does not know. */
interface CanvasLike {
  readonly width: number;
  readonly height: number;
  getContext(kind: string): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
}

/** What a canvas shows in a row of the picture that lies in its middle at true size. */
function readRow(canvas: Locator, side: number, row: number): Promise<number[]> {
  return canvas.evaluate(
    (element: unknown, at) => {
      const { width, height, getContext } = element as CanvasLike;
      const left = Math.round((width - at.side) / 2);
      const top = Math.round((height - at.side) / 2);
      const { data } = getContext.call(element, "2d").getImageData(left, top + at.row, at.side, 1);
      return [...data].filter((_, index) => index % 4 === 0);
    },
    { side, row },
  );
}

describe.skipIf(browserPath === null)("denoising in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let folder: string;

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    folder = await writePhotos(join(await makeFolder(onEnd), "mine"), 6, SIDE);
    ({ lab } = openLab(await makeFolder(onEnd), onEnd));
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const canvas = () => page.getByRole("main").locator("canvas").first();
  const photo = (index: number) => join(folder, `photo-0${index}.png`);

  /** What the lab has of a result, in one row. */
  async function rowOf(view: "input" | "output", item: number, row: number): Promise<number[]> {
    const [task] = await lab.listTasks();
    const { data } = await readPixels(lab, { kind: "denoise", task: task?.id ?? "", item, view });
    const bands = data.length / SIDE ** 2;
    return data.filter((_, index) => index % bands === 0).slice(row * SIDE, (row + 1) * SIDE);
  }

  it("says what is missing while there is no network", async () => {
    await at.goTo("/denoise");
    await page.getByRole("heading", { name: "No trained network yet" }).waitFor();
  });

  it("invites to drop photos once a network is trained, without being loaded again", async () => {
    await trainModel(lab, "mine", "small");
    await page.getByRole("heading", { name: "Drop photos or folders here" }).waitFor();
  });

  it("denoises photos that are dropped in another room, and shows the first", async () => {
    await at.goTo("/");
    await at.drop([photo(0), photo(1)]);
    await expect.poll(() => page.url()).toContain("/denoise");
    await at.button(/photo-00\.png.*done/).waitFor();
    await at.button(/photo-01\.png.*done/).waitFor();
    await canvas().waitFor();
  });

  it("shows the result's very pixels at true size, and what went in while Space is held", async () => {
    await at.button("Result").click();
    await at.button("100 %").click();
    await expect.poll(() => readRow(canvas(), SIDE, 20)).toEqual(await rowOf("output", 0, 20));
    await page.keyboard.down(" ");
    await expect.poll(() => readRow(canvas(), SIDE, 20)).toEqual(await rowOf("input", 0, 20));
    await page.keyboard.up(" ");
    await expect.poll(() => readRow(canvas(), SIDE, 20)).toEqual(await rowOf("output", 0, 20));
  });

  it("sets what went in left of the wipe's line and the result right of it, also where the line is moved", async () => {
    await at.button("Wipe").click();
    const [before, after] = [await rowOf("input", 0, 31), await rowOf("output", 0, 31)];
    const expected = (line: number) => [...before.slice(0, line), ...after.slice(line)];
    await expect.poll(() => readRow(canvas(), SIDE, 31)).toEqual(expected(SIDE / 2));
    await page.getByRole("slider", { name: "Line between the two pictures" }).focus();
    await page.keyboard.press("Home");
    await expect.poll(() => readRow(canvas(), SIDE, 31)).toEqual(expected(0));
    await page.keyboard.press("End");
    await expect.poll(() => readRow(canvas(), SIDE, 31)).toEqual(expected(SIDE));
  });

  it("blends at once where the strength is lowered, and saves the blend", async () => {
    await at.button("Result").click();
    await page.getByRole("slider", { name: "Strength" }).focus();
    await page.keyboard.press("Home");
    await expect.poll(() => readRow(canvas(), SIDE, 9)).toEqual(await rowOf("input", 0, 9));
    for (let step = 0; step < 5; step++) await page.keyboard.press("PageUp");
    const strength = Number(await page.getByRole("slider", { name: "Strength" }).getAttribute("aria-valuenow"));
    expect(strength).toBeCloseTo(0.5, 12);
    const [before, after] = [await rowOf("input", 0, 9), await rowOf("output", 0, 9)];
    const blend = before.map((value, index) => value + strength * ((after[index] ?? 0) - value));
    const distance = async () => {
      const shown = await readRow(canvas(), SIDE, 9);
      return Math.max(...shown.map((value, index) => Math.abs(value - (blend[index] ?? 0))));
    };
    await expect.poll(distance).toBeLessThanOrEqual(1);

    await at.button("Save as…").click();
    const downloaded = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    const download = await downloaded;
    expect(download.suggestedFilename()).toMatch(/^photo-00_hinas-[0-9a-f]{8}\.png$/);
    const saved = sharp(await download.path());
    expect(await saved.metadata()).toMatchObject({ width: SIDE, height: SIDE, channels: 1, depth: "uchar" });
    const data = await saved.toColourspace("b-w").raw().toBuffer();
    const row = [...data.subarray(9 * SIDE, 10 * SIDE)];
    expect(Math.max(...row.map((value, index) => Math.abs(value - (blend[index] ?? 0))))).toBeLessThanOrEqual(1);
  });

  it("saves all at the strength on show and in the format that is asked for", async () => {
    await at.button("Save all").click();
    await page
      .getByRole("dialog")
      .getByText(/2 results, written at a strength of 50/)
      .waitFor();
    await page.getByRole("combobox", { name: "Format" }).click();
    await page.getByRole("option", { name: "WebP" }).click();
    const names: string[] = [];
    page.on("download", (download) => names.push(download.suggestedFilename()));
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("2 results were saved", { exact: true }).waitFor();
    await expect.poll(() => names.length).toBe(2);
    expect(names.toSorted()).toEqual([
      expect.stringMatching(/^photo-00_hinas-[0-9a-f]{8}\.webp$/),
      expect.stringMatching(/^photo-01_hinas-[0-9a-f]{8}\.webp$/),
    ]);
  });

  it("goes on after a file that is no photo, and says what is wrong with it", async () => {
    const bad = { name: "bad.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
    const good = { name: "good.png", mimeType: "image/png", buffer: await readFile(photo(2)) };
    await page.locator("input[type=file]").setInputFiles([bad, good]);
    await at.button(/good\.png.*done/).waitFor();
    await at.button(/bad\.png.*failed/).click();
    await page.getByText("This photo could not be denoised").waitFor();
    await page.getByText("1 of 2 failed").waitFor();
  });

  it("sets the results of several networks beside each other", async () => {
    await trainModel(lab, "mine", "large");
    await at.button(/^Networks/).click();
    // The newest one is chosen where nobody has chosen yet.
    await page.getByRole("menuitemcheckbox", { name: /large/, checked: true }).waitFor();
    await page.getByRole("menuitemcheckbox", { name: /small/ }).click();
    await page.keyboard.press("Escape");
    await page.locator("input[type=file]").setInputFiles([photo(3)]);
    await at.button("Contact sheet").click();
    await expect.poll(() => page.getByRole("main").locator("canvas").count()).toBe(3);
    await page.getByRole("img", { name: "small" }).waitFor();
    await page.getByRole("img", { name: "large" }).waitFor();
  });

  it("writes a whole folder's results as files and leaves out what is done", async () => {
    const denoiseFolder = async () => {
      await at.button("Whole folder").click();
      await page.getByLabel("Folder of photos").fill(folder);
      await at.button("Start").click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    };
    await denoiseFolder();
    await at.button(/photo-05\.png.*written/).waitFor();
    await denoiseFolder();
    await at.button(/photo-05\.png.*was there already/).waitFor();
  });

  it("finds its results again after the page is loaded again, and removes a session", async () => {
    await page.reload();
    await at.button(/good\.png.*done/).waitFor();
    const removers = page.getByRole("button", { name: "Remove from the list" });
    await expect.poll(() => removers.count()).toBe(5);
    await removers.first().click();
    await expect.poll(() => removers.count()).toBe(4);
  });

  it("denoises a photo also in a room that takes other files, and leaves those to the room", async () => {
    const genotype = join(folder, "tiny.json");
    await writeFile(genotype, JSON.stringify(TINY_GENOTYPE));
    await at.goTo("/architectures");
    await at.button("Import").waitFor();
    await at.drop([genotype]);
    await page
      .getByText(/is in the library$/)
      .first()
      .waitFor();
    expect(page.url()).toContain("/architectures");
    await at.drop([photo(2)]);
    await expect.poll(() => page.url()).toContain("/denoise");
    await at
      .button(/photo-02\.png.*done/)
      .first()
      .waitFor();
    await at.goTo("/datasets");
    await at.button("Add a data set").waitFor();
    await at.drop([photo(4)]);
    await expect.poll(() => page.url()).toContain("/denoise");
    await at
      .button(/photo-04\.png.*done/)
      .first()
      .waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("says so where a room's code does not arrive, and shows the room when it does again", async () => {
    const pages = "**/assets/CompareView-*.js";
    await page.route(pages, (route) => route.abort());
    await at.goTo("/compare");
    await page.getByRole("alert").getByText("Its code did not arrive").waitFor();
    await page.unroute(pages);
    await at.button("Try again").click();
    await page.getByRole("heading", { name: "Compare", exact: true }).waitFor();
    expect(page.url()).toContain("/compare");
  });
});

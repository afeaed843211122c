import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page, Response } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { pictureRefSchema } from "#shared/api/pictures.ts";
import { letPass } from "#shared/labError.ts";
import type { Size } from "#renderer/components/viewer/view.ts";
import { at } from "#shared/at.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeStepsDependent } from "#tests/helpers/dependentSteps.ts";
import { makeFolder, openLabWithBox } from "#tests/helpers/labHome.ts";
import { readPicture } from "#tests/helpers/pictures.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** More than a part that is denoised first. */
const [WIDTH, HEIGHT] = [1300, 900];
const PHOTOS = 4;
/** As a whole the last but one is seen smaller than half its size. */
const LARGER = [1, 1, 2, 1];

/** What these tests use of a browser's canvas, which Node does not know. */
interface CanvasLike {
  readonly height: number;
  getContext(kind: string): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
}

async function writePhoto(file: string, seed: number): Promise<void> {
  const larger = at(LARGER, seed, "photos");
  const [width, height] = [larger * WIDTH, larger * HEIGHT];
  const data = Uint8Array.from({ length: width * height }, (_, p) => 90 + ((p * (5 + seed)) % 31) + ((p / width) % 60));
  const raw = { width, height, channels: 1 } as const;
  await sharp(data, { raw }).toColourspace("b-w").png().toFile(file);
}

/** Measures the part of a photo that a page was given; null where it is none, or a newer one took its place. */
async function measurePart(lab: Lab, answer: Response): Promise<Size | null> {
  const ref = new URL(answer.url()).searchParams.get("ref");
  if (ref === null || !ref.includes('"view":"preview"')) return null;
  const picture = await readPicture(lab, pictureRefSchema.parse(JSON.parse(ref))).catch(letPass("not_found"));
  if (picture === undefined) return null;
  const { width, height } = await sharp(picture.bytes).metadata();
  return { width, height };
}

describe.skipIf(browserPath === null)("sessions of denoising in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let folder: string;
  let photos: string;
  let lab: Lab;
  let page: Page;
  let inWindow: WindowPage;
  let close: () => Promise<void>;

  const onEnd = (end: () => Promise<void>) => void ends.push(end);

  async function open(): Promise<void> {
    ({ lab } = openLabWithBox(join(folder, "home"), join(folder, "box"), onEnd));
    await lab.setPreferences({ denoisingEngine: "onnxruntime" });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page } = await openPage(browser, server.url));
    inWindow = toWindowPage(page, server.url);
    page.setDefaultTimeout(3 * MINUTE_MS);
    close = async () => {
      await browser.close();
      await server.close();
      await lab.close();
    };
  }

  beforeAll(async () => {
    folder = await makeFolder(onEnd);
    photos = await makeFolder(onEnd);
    for (let index = 0; index < PHOTOS; index++) await writePhoto(join(photos, `photo-0${index}.png`), index);
    await writeTinyModel(join(folder, "box"), "tiny-grey", { unshuffle: 2 });
    await open();
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  makeStepsDependent();

  const canvas = () => page.getByRole("main").locator("canvas").first();

  it(
    "shows a photo that waits, denoised as it is seen before its turn, and parts of it as they are; then the session goes on",
    async () => {
      const { id } = await lab.startDenoise(denoiseRequestSchema.parse({ models: [], inputs: [photos] }));
      await lab.pauseTask(id);
      await inWindow.goTo("/denoise");
      await page.getByText("paused", { exact: true }).first().waitFor();
      // What is there sooner may be coarser, or the middle.
      const seePart = (is: (size: Size) => boolean) =>
        page.waitForResponse(async (answer) => {
          const size = await measurePart(lab, answer);
          return size !== null && is(size);
        });
      // By three, for a megapixel is done at once.
      const small = seePart(({ width, height }) => width === 866 && height === 600);
      await inWindow.button(/^photo-02\.png/).click();
      await small;
      await page.getByRole("img", { name: "Denoised" }).waitFor();
      const shown = await canvas().boundingBox();
      const isAsLong = (length: number, other = NaN) => Math.abs(length - other) <= 2;
      const all = seePart(({ width, height }) => isAsLong(width, shown?.width) && isAsLong(height, shown?.height));
      await inWindow.button("100 %").click();
      await all;
      await inWindow.button("Go on").click();
      await inWindow.button(/photo-02\.png.*done/).waitFor();
      await page.getByRole("slider", { name: "Strength" }).waitFor();
      await inWindow.button("Fit").click();
      await inWindow.button(/photo-03\.png.*done/).click();
    },
    10 * MINUTE_MS,
  );

  it(
    "lays a loupe over the picture",
    async () => {
      // Beside the line of the wipe.
      await canvas().click({ position: { x: 300, y: 100 } });
      await page.keyboard.press("l");
      const box = await canvas().boundingBox();
      if (box === null) throw new Error("the canvas is not shown");
      const left = Math.round(box.width / 4);
      await page.mouse.move(box.x + left - 1, box.y + box.height / 2);
      await page.mouse.move(box.x + left, box.y + box.height / 2);
      // The ring of the glass, 109 pixels right of the pointer.
      const ring = () =>
        canvas().evaluate((element: unknown, at) => {
          const { height, getContext } = element as CanvasLike;
          const { data } = getContext.call(element, "2d").getImageData(at + 109 - 3, Math.round(height / 2), 7, 1);
          return Math.max(...data.filter((_, index) => index % 4 === 0));
        }, left);
      await expect.poll(ring, { timeout: MINUTE_MS }).toBe(255);
      await page.keyboard.press("l");
      await expect.poll(ring, { timeout: MINUTE_MS }).toBeLessThan(255);
    },
    5 * MINUTE_MS,
  );

  it(
    "saves a contact sheet as a page that needs nothing else",
    async () => {
      const downloaded = page.waitForEvent("download");
      await inWindow.button("Contact sheet as a page").click();
      const download = await downloaded;
      expect(download.suggestedFilename()).toBe("contact-sheet.html");
      const html = await readFile(await download.path(), "utf8");
      expect(html.match(/<figure>/g)).toHaveLength(PHOTOS);
      expect(html.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(2 * PHOTOS);
      expect(html).toContain("photo-02.png");
      expect(html).not.toMatch(/src="http/);
    },
    5 * MINUTE_MS,
  );

  it(
    "says with a saved photo that Perl is missing to keep all of its data",
    async () => {
      const path = process.env["PATH"];
      process.env["PATH"] = "/nowhere";
      try {
        await inWindow.button("Save as…").click();
        await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
        await page
          .getByText(/install Perl to keep all/)
          .first()
          .waitFor();
      } finally {
        process.env["PATH"] = path;
      }
    },
    5 * MINUTE_MS,
  );

  it(
    "shows results that were written into a folder beside their photos",
    async () => {
      const output = await makeFolder(onEnd);
      await inWindow.button("Whole folder").click();
      await page.getByLabel("Folder of photos").fill(photos);
      await page.getByLabel("Folder for the results").fill(output);
      await inWindow.button("Start").click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await inWindow.button(/photo-01\.png.*written/).click();
      await page.getByText(join(output, "photo-01_hinas-")).waitFor();
      await page.getByRole("slider", { name: "Line between the two pictures" }).waitFor();
      expect(await page.getByRole("main").getByRole("alert").count()).toBe(0);
    },
    10 * MINUTE_MS,
  );

  it(
    "finds results to look at again after the server was started again",
    async () => {
      await close();
      await open();
      await inWindow.goTo("/denoise");
      await inWindow.button(/photo-03\.png.*done/).click();
      await page.getByRole("slider", { name: "Strength" }).waitFor();
      await expect.poll(() => page.getByRole("main").getByRole("alert").count()).toBe(0);
    },
    10 * MINUTE_MS,
  );
});

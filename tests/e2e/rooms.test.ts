import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { LabServer } from "#main/server/serveLab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { findViolations } from "#tests/helpers/findViolations.ts";
import { fillLab, type LabContent } from "#tests/helpers/filledLab.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
const THEMES = ["light", "dark"] as const;
/** From a small laptop's to a large screen's. */
const SIZES = [
  { width: 1024, height: 700 },
  { width: 2560, height: 1440 },
];
const USUAL_SIZE = { width: 1440, height: 900 };

/** A page of the window: its address and what is seen once all of its content is there. */
interface RoomPage {
  readonly path: string;
  open?(page: Page): Promise<void>;
  settled(page: Page): Promise<unknown>;
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name }).first().waitFor();
const picture = (page: Page, name: string | RegExp) => page.getByRole("img", { name }).first().waitFor();
const row = (page: Page, name: string | RegExp) => page.getByRole("main").getByRole("row", { name }).first().waitFor();

function listPages({ search, hash, models, evaluation }: LabContent): Readonly<Record<string, RoomPage>> {
  return {
    home: { path: "/", settled: (page) => page.getByRole("main").getByText("8 filters").first().waitFor() },
    "the walk through the paper": {
      path: "/walkthrough",
      settled: (page) => page.getByRole("main").getByRole("img").first().waitFor(),
    },
    "data sets": { path: "/datasets", settled: (page) => page.getByRole("link", { name: /mine/ }).waitFor() },
    "a data set": { path: "/datasets/mine", settled: (page) => picture(page, "photo-00.png") },
    "the noise bench": { path: "/noise", settled: (page) => picture(page, "Noise histogram") },
    "a camera's noise": { path: "/noise/camera", settled: (page) => heading(page, "Fit my camera") },
    searches: { path: "/search", settled: (page) => row(page, /found/) },
    "a new search": { path: "/search/new", settled: (page) => page.getByLabel("Epochs", { exact: true }).waitFor() },
    "a search": { path: `/search/${search}`, settled: (page) => picture(page, /^Cell of layer 0 .* epoch 4$/) },
    architectures: { path: "/architectures", settled: (page) => page.getByText("1 architecture").waitFor() },
    "an architecture": { path: `/architectures/${hash}`, settled: (page) => page.getByText(hash).first().waitFor() },
    trainings: { path: "/train", settled: (page) => row(page, /8 filters/) },
    evaluations: { path: "/train?tab=evaluations", settled: (page) => row(page, /8 filters/) },
    "a new training": { path: "/train/new", settled: (page) => page.getByLabel("Steps", { exact: true }).waitFor() },
    "a training": { path: `/train/${models[0]}`, settled: (page) => picture(page, /^Validation PSNR\. /) },
    "an evaluation": { path: `/train/evaluations/${evaluation}`, settled: (page) => picture(page, "Error") },
    "nothing to compare": { path: "/compare", settled: (page) => heading(page, "Compare") },
    "two compared networks": {
      path: `/compare?models=${models.join(",")}`,
      settled: async (page) => {
        await page.locator("figcaption", { hasText: /\d dB/ }).first().waitFor();
        await row(page, /^PSNR on/);
      },
    },
    "a proof sheet": {
      path: `/compare/proof?models=${models.join(",")}`,
      settled: (page) => page.getByRole("button", { name: "Make the sheet" }).waitFor(),
    },
    "denoised photos": {
      path: "/denoise",
      open: (page) =>
        page
          .getByRole("button", { name: /photo-01\.png/ })
          .first()
          .click(),
      settled: (page) => page.getByRole("main").locator("canvas").first().waitFor(),
    },
    settings: { path: "/settings", settled: (page) => heading(page, "Settings") },
  };
}
const NAMES = Object.keys(listPages({ search: "", hash: "", models: [], evaluation: "" }));

/** How far the page, or the room in it, can be scrolled sideways. */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { document } = globalThis as unknown as { document: PageDocument };
    const boxes = [document.documentElement, document.body, ...document.querySelectorAll("main, main > *")];
    return Math.max(...boxes.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
}
/** What a page has and these tests' types do not. */
interface Box {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}
interface PageDocument {
  readonly documentElement: Box;
  readonly body: Box;
  querySelectorAll(selector: string): Iterable<Box>;
}

describe.skipIf(browserPath === null)("every room with something in it (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let server: LabServer;
  let content: LabContent;
  /** A window of each theme. */
  const windows: Awaited<ReturnType<typeof openPage>>[] = [];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const lab = createLab({ home: await makeFolder(onEnd), log: () => undefined });
    ends.push(() => lab.close());
    content = await fillLab(lab, await makeFolder(onEnd));
    const served = await serveWindow(lab, browserPath, onEnd);
    ({ server } = served);
    for (const theme of THEMES) windows.push(await openPage(served.browser, server.url, theme));
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it.each(NAMES)("%s: accessible in light and dark, as wide as the window, without a complaint", async (name) => {
    const room = listPages(content)[name];
    if (room === undefined) throw new Error(`${name} must be a page`);
    for (const [index, { page, complaints }] of windows.entries()) {
      const theme = THEMES[index];
      const before = complaints.length;
      await page.goto(`${server.url}#${room.path}`);
      await room.open?.(page);
      await room.settled(page);
      expect(await findViolations(page), theme).toEqual([]);
      for (const size of theme === "light" ? SIZES : []) {
        await page.setViewportSize(size);
        await room.settled(page);
        await expect.poll(() => measureOverflow(page), { message: `${size.width} wide` }).toBe(0);
      }
      await page.setViewportSize(USUAL_SIZE);
      expect(complaints.slice(before), theme).toEqual([]);
    }
  });
});

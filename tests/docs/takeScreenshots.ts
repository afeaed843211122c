import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import type { Browser, Page } from "playwright-core";
import sharp from "sharp";

import { getCacheFolder } from "#main/engine/install/engineCache.ts";
import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, launchBrowser, openPage } from "#tests/helpers/browser.ts";

import { fillLab, startDenoisings, startLongSearch } from "./fillLab.ts";
import { type DocPage, listPages } from "./pages.ts";

const THEMES = ["light", "dark"] as const;
/** Charts and pictures come after the page itself; there is no event for the last of them. */
const SETTLE_MS = 2500;
/** A running search has curves after so many steps. */
const STEPS_TO_SHOW = 40;
/** Pictures in a repository stay small: noise hardly packs, and where it fills the page a coarser palette does. */
const MOST_BYTES = 250_000;
const PALETTE_QUALITIES = [90, 60, 40, 20, 10, 5];

interface Options {
  /** Where the lab and its photos lie; what is there already is not made again. */
  readonly folder: string;
  readonly out: string;
  /** Viewport, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pages to take; all of them where it is empty. */
  readonly only: readonly string[];
}

/**
 * Takes a picture of every room, light and dark. The first time it fills a lab with drawn pictures, two searches, three
 * trainings and their evaluations, which takes some minutes; no photo of anybody's is shown.
 */
async function takeScreenshots({ folder, out, width, height, only }: Options): Promise<void> {
  const browserPath = findBrowser();
  if (browserPath === null) throw new Error("screenshots: Chromium or Chrome must be installed, found none");
  await mkdir(out, { recursive: true });
  process.env["HINAS_CACHE"] = await linkCache(folder);
  const lab = createLab({ home: join(folder, "home"), log: () => undefined });
  const photos = join(folder, "photos");
  if ((await lab.listDatasets()).length === 0) await fillLab(lab, photos, say);
  const pages = (await listPages(lab)).filter(({ name }) => only.length === 0 || only.includes(name));
  const running = await startLongSearch(lab);
  await startDenoisings(lab);
  await waitForStep(lab, running.id, STEPS_TO_SHOW);
  const server = await serveLab({
    lab,
    rendererFolder: join("out", "renderer"),
    host: "127.0.0.1",
    port: 0,
    log: () => undefined,
  });
  const browser = await launchBrowser(browserPath);
  try {
    for (const theme of THEMES) {
      const page = await openSized(browser, server.url, theme, { width, height });
      for (const each of pages) await takePage(page, server.url, each, join(out, `${each.name}-${theme}.png`));
    }
  } finally {
    await browser.close();
    await server.close();
    await lab.controlRun(running.id, "stop");
    await lab.waitForRun(running.id);
    await lab.removeRun(running.id);
    await lab.close();
  }
}

/** Gives the engine's folder a path beside the lab: where it lies on this computer is nobody's business. */
async function linkCache(folder: string): Promise<string> {
  const link = join(folder, "cache");
  await mkdir(folder, { recursive: true });
  if (!existsSync(link)) await symlink(resolve(getCacheFolder(process.env)), link, "junction");
  return link;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function waitForStep(lab: Lab, id: string, step: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = lab.watch((change) => {
      if (change.kind !== "run" || change.run.id !== id) return;
      if (change.run.state === "failed") reject(new Error(change.run.reason ?? "the search failed"));
      if (change.run.step < step) return;
      stop();
      resolve();
    });
  });
}

/** Packs a picture with the finest palette that keeps it small. */
async function pack(picture: Buffer): Promise<Buffer> {
  let packed = picture;
  for (const quality of PALETTE_QUALITIES) {
    packed = await sharp(picture).png({ palette: true, quality, dither: 0, effort: 10 }).toBuffer();
    if (packed.length <= MOST_BYTES) break;
  }
  return packed;
}

async function openSized(
  browser: Browser,
  url: string,
  theme: (typeof THEMES)[number],
  size: { readonly width: number; readonly height: number },
): Promise<Page> {
  const { page } = await openPage(browser, url, theme);
  await page.setViewportSize(size);
  return page;
}

async function takePage(page: Page, url: string, { path, prepare }: DocPage, file: string): Promise<void> {
  // Beginning elsewhere makes the page anew, scrolled to its top.
  await page.goto(`${url}#/search/new`);
  await page.goto(`${url}#${path}`);
  await page.waitForTimeout(SETTLE_MS);
  if (prepare !== undefined) {
    await prepare(page);
    await page.waitForTimeout(SETTLE_MS);
  }
  await writeFile(file, await pack(await page.screenshot()));
  say(file);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: "string", default: join(tmpdir(), "hinas-docs") },
    out: { type: "string", default: join("docs", "screenshots") },
    size: { type: "string", default: "1440x900" },
  },
});
const [width = 1440, height = 900] = values.size.split("x").map(Number);
await takeScreenshots({ folder: values.folder, out: values.out, width, height, only: positionals });

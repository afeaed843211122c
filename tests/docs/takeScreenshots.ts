import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";
import { getLabHome } from "#main/store/labHome.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, launchBrowser, openPage } from "#tests/helpers/browser.ts";

const TARGET = join("docs", "screenshots");
const THEMES = ["light", "dark"] as const;

/** Charts and pictures come after the page itself; there is no event for the last of them. */
const SETTLE_MS = 2500;

/** The pages worth a picture, by file name; those of runs show the newest finished one of the lab's home. */
async function listPages(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const runs = (await lab.listRuns()).filter(({ state }) => state === "finished");
  const search = runs.find(({ kind }) => kind === "search");
  const training = runs.find(({ kind }) => kind === "train");
  const [architecture] = await lab.listArchitectures();
  return new Map([
    ["home", "/"],
    ["datasets", "/datasets"],
    ["search-form", "/search/new"],
    ...(search === undefined ? [] : [["cockpit", `/search/${search.id}`] as const]),
    ...(training === undefined ? [] : [["training", `/train/${training.id}`] as const]),
    ["architectures", "/architectures"],
    ...(architecture === undefined ? [] : [["architecture", `/architectures/${architecture.hash}`] as const]),
    ["denoise", "/denoise"],
    ["settings", "/settings"],
  ]);
}

/** Takes a picture of every room with what the lab's home holds (HINAS_HOME), light and dark, into docs/screenshots. */
async function takeScreenshots(): Promise<void> {
  const browserPath = findBrowser();
  if (browserPath === null) {
    throw new Error("screenshots: Chromium or Chrome must be installed, found none");
  }
  await mkdir(TARGET, { recursive: true });
  const lab = createLab({ home: getLabHome(process.env), log: () => undefined });
  const rendererFolder = join("out", "renderer");
  const server = await serveLab({ lab, rendererFolder, host: "127.0.0.1", port: 0, log: () => undefined });
  const browser = await launchBrowser(browserPath);
  const pages = await listPages(lab);
  for (const theme of THEMES) {
    const { page } = await openPage(browser, server.url, theme);
    for (const [name, path] of pages) {
      await page.goto(`${server.url}#${path}`);
      await page.waitForTimeout(SETTLE_MS);
      await page.screenshot({ path: join(TARGET, `${name}-${theme}.png`) });
    }
  }
  await browser.close();
  await server.close();
  await lab.close();
}

await takeScreenshots();

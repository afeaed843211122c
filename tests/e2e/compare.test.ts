import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { fillLab, type LabContent } from "#tests/helpers/filledLab.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { unpackZip } from "#tests/helpers/unpackZip.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** A dot of a chart has more pixels than this in its colour, the edge of another thing fewer. */
const FEWEST_PIXELS = 30;
/** For a look at the screens by whoever changes them. */
const pictures = process.env["COMPARE_PICTURES"];

/** Takes a screen in both themes at two sizes, where somebody wants to look at it. */
async function takePictures(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  for (const [colorScheme, width, height] of [
    ["light", 1440, 900],
    ["dark", 1024, 700],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe.skipIf(browserPath === null)("networks and their tables side by side (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let page: Page;
  let at: WindowPage;
  let complaints: readonly string[];
  let content: LabContent;
  let lab: Lab;

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    lab = createLab({ home: await makeFolder(onEnd), log: () => undefined });
    ends.push(() => lab.close());
    content = await fillLab(lab, await makeFolder(onEnd));
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page, complaints } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it("gives each dot the colour of its line in the legend, whatever was compared before", async () => {
    await at.goTo("/compare");
    await at.button("Add").click();
    const dialog = page.getByRole("dialog");
    // What was measured last stands first, and first gets the colour of the only one.
    await dialog.getByRole("checkbox", { name: /8 filters/ }).click();
    await expect.poll(() => countDots(page)).toEqual([["8 filters", true]]);
    await dialog.getByRole("checkbox", { name: /4 filters/ }).click();
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect
      .poll(() => countDots(page))
      .toEqual([
        ["4 filters", true],
        ["8 filters", true],
      ]);
  });

  it("sets networks against each other by any two figures", async () => {
    await page.getByLabel("Across", { exact: true }).click();
    await page.getByRole("option", { name: "Seconds per megapixel" }).click();
    await page.getByLabel("Up", { exact: true }).click();
    await page.getByRole("option", { name: "SSIM" }).click();
    await page.getByRole("heading", { name: "SSIM against seconds per megapixel" }).waitFor();
    await page.getByRole("columnheader", { name: "Seconds per megapixel" }).waitFor();
  });

  it("says in words how the trainings differ, and writes the table as LaTeX", async () => {
    const settings = page.getByRole("region", { name: "Settings in which the trainings differ" });
    await settings.getByRole("row", { name: /^Filters 4 8$|^Filters 8 4$/ }).waitFor();
    await page.getByRole("button", { name: "Columns and files: Settings in which the trainings differ" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Save as LaTeX" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("settings-in-which-the-trainings-differ.tex");
    const text = await readFile(await download.path(), "utf8");
    expect(text).toContain("\\toprule");
    expect(text).toMatch(/Filters & [48] & [48] \\\\/);
  });

  it(
    "measures what is compared over noise, and draws the lines with noisy photos and blur beside them",
    async () => {
      await at.panel("Robustness: PSNR over noise").getByText("None of these networks was measured").waitFor();
      const measure = at.panel("Measure the curve");
      await measure.getByRole("textbox", { name: "Most photos" }).fill("1");
      await measure.getByRole("switch", { name: "Also the networks in the box" }).click();
      await measure.getByRole("button", { name: "Measure the curve" }).click();
      const table = page.getByRole("region", { name: "PSNR at each level" }).first();
      for (const name of ["4 filters", "8 filters", "Noisy photos", "Best Gaussian blur"]) {
        await table
          .getByRole("row", { name: new RegExp(`^${name}( [\\d.]+){8}$`) })
          .waitFor({ timeout: 8 * MINUTE_MS });
      }
      await page.getByRole("img", { name: /^Robustness: PSNR over noise\. Values: .*8 filters \d/ }).waitFor();
      await at.panel("Robustness: PSNR over noise").scrollIntoViewIfNeeded();
      await takePictures(page, "robustness");
    },
    10 * MINUTE_MS,
  );

  it(
    "ranks pictures without names by keys, then tells whose they were and keeps the sheet",
    async () => {
      await at.button("Proof sheet").click();
      await at.button("Choose a photo").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("group", { name: "Photos of the data set" }).getByRole("button").first().click();
      await dialog.getByRole("button", { name: "Take it" }).click();
      await page.getByRole("textbox", { name: "Strengths (%)" }).fill("50, 100");
      await at.button("Make the sheet").click();
      const ranking = page.getByRole("group", { name: "Your ranking" });
      await ranking.getByRole("button", { name: "4 Picture 4" }).waitFor({ timeout: 5 * MINUTE_MS });
      await at.panel("Pictures without names").getByRole("img").first().waitFor();
      await page.getByRole("heading", { level: 1 }).click();
      for (const key of ["3", "1", "2"]) await page.keyboard.press(key);
      await ranking.getByRole("button", { name: "3 Picture 3 rank 1" }).waitFor();
      expect(await ranking.getByRole("button", { name: /filters/ }).count()).toBe(0);
      await page.keyboard.press("4");
      await ranking.getByRole("button", { name: /^3\s*[48] filters, (50|100)\s%\s*rank 1$/ }).waitFor();
      await takePictures(page, "proof");
      const kept = page.getByRole("region", { name: "Ranked sheets" }).first();
      await kept.getByRole("cell", { name: / of 6 pairs$/ }).waitFor();
    },
    6 * MINUTE_MS,
  );

  it("lays the curves of searches over each other, with what they came to", async () => {
    await at.goTo("/compare");
    await page.getByRole("img", { name: /^Search validation PSNR\. Values: found \d/ }).waitFor();
    const table = page.getByRole("region", { name: "What the searches came to" }).first();
    await table.getByRole("row", { name: /^found \d+\.\d+ dB/ }).waitFor();
    await at.panel("Searches").scrollIntoViewIfNeeded();
    await takePictures(page, "searches");
  });

  it("orders a list of trainings by a heading", async () => {
    await at.goTo("/train");
    const names = page
      .getByRole("main")
      .getByRole("row")
      .getByRole("link", { name: /filters$/ });
    await at.button("Name").click();
    await expect
      .poll(() => names.allTextContents())
      .toEqual([expect.stringContaining("4"), expect.stringContaining("8")]);
    await at.button("Name").click();
    await expect
      .poll(() => names.allTextContents())
      .toEqual([expect.stringContaining("8"), expect.stringContaining("4")]);
    expect(content.models).toHaveLength(2);
  });

  it("puts a training away, and takes it back into the list", async () => {
    const main = page.getByRole("main");
    await at.goTo(`/train/${content.models[1] ?? ""}`);
    await at.button("More actions").click();
    await page.getByRole("menuitem", { name: "Put away" }).click();
    await at.goTo("/train");
    await at.button("Show 1 that is put away").waitFor();
    await takePictures(page, "train");
    expect(await main.getByRole("row").getByRole("link", { name: "8 filters" }).count()).toBe(0);
    await at.button("Show 1 that is put away").click();
    await main.getByRole("row").getByRole("link", { name: "8 filters" }).first().click();
    await at.button("More actions").click();
    await page.getByRole("menuitem", { name: "Take back into the lists" }).click();
  });

  it(
    "packs a training into one file with its network, and opens that where the training is not there",
    async () => {
      const id = content.models[0] ?? "";
      const { name } = await lab.showRun(id);
      await at.goTo(`/train/${id}`);
      await at.button("More actions").click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: "Save as a bundle" }).click(),
      ]);
      const file = join(await makeFolder(), download.suggestedFilename());
      await download.saveAs(file);
      expect([...(await unpackZip(await readFile(file))).keys()]).toContain("model/network.safetensors");
      await lab.removeRun(id);
      await at.goTo("/train");
      await page.locator("input[type=file][accept='.zip']").setInputFiles(file);
      await page.getByRole("heading", { level: 1, name }).waitFor({ timeout: MINUTE_MS });
      expect((await lab.listModels()).map(({ runId }) => runId)).toContain(id);
    },
    4 * MINUTE_MS,
  );

  it("had nothing to complain of all the while", () => {
    expect(complaints).toEqual([]);
  });
});

/** What a page has and these tests' types do not. */
interface LegendLine {
  readonly textContent: string;
  querySelector(selector: string): { getAttribute(name: string): string | null } | null;
}
interface PictureData {
  readonly data: Uint8ClampedArray;
}
interface ChartCanvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): { getImageData(x: number, y: number, width: number, height: number): PictureData };
}

/** Says of each thing that is compared whether the picture of dots has a dot in the colour that its legend says. */
async function countDots(page: Page): Promise<readonly (readonly [string, boolean])[]> {
  // Not by roles, which what lies behind a dialog has none of.
  const panel = page.locator("section.panel", { has: page.locator("h2", { hasText: "PSNR against parameters" }) });
  const lines = panel.locator(".legend li", { hasText: "filters" });
  const legend = await lines.evaluateAll((found) =>
    (found as unknown as readonly LegendLine[]).map((line) => ({
      name: line.textContent.trim().replace(/\s+[\d.]+ dB$/, ""),
      colour: line.querySelector("circle")?.getAttribute("fill") ?? "",
    })),
  );
  const canvas = panel.locator("canvas").first();
  // What is not on the screen is not drawn anew.
  await canvas.scrollIntoViewIfNeeded();
  const pixels = await canvas.evaluate((element) => {
    const chart = element as unknown as ChartCanvas;
    const drawn = chart.getContext("2d").getImageData(0, 0, chart.width, chart.height);
    const counts: Record<string, number> = {};
    for (let place = 0; place < drawn.data.length; place += 4) {
      const colour = [0, 1, 2]
        .map((channel) => (drawn.data[place + channel] ?? 0).toString(16).padStart(2, "0"))
        .join("");
      counts[`#${colour}`] = (counts[`#${colour}`] ?? 0) + 1;
    }
    return counts;
  });
  return legend
    .map(({ name, colour }) => [name, (pixels[colour] ?? 0) >= FEWEST_PIXELS] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
}

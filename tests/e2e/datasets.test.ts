import { readdir } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import type { LabServer } from "#main/server/serveLab.ts";
import { generateSamplePhoto } from "#shared/image/sampleSet.ts";

import { genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { findViolations } from "#tests/helpers/findViolations.ts";
import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** For a look at the screens by whoever changes them. */
const pictures = process.env["DATASET_PICTURES"];

/** Writes drawn scenes as a camera's clean side. */
async function writeScenes(folder: string): Promise<string> {
  for (let index = 0; index < 6; index += 1) {
    const { width, height, data } = generateSamplePhoto(index, { width: 192, height: 128, seed: 9 });
    const bytes = Uint8Array.from(data, (value) => Math.round(255 * value));
    await sharp(bytes, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(folder, `photo-0${index}.png`));
  }
  return folder;
}

/** Writes the photos of a folder again, a little brighter, as a camera's noisy side. */
async function writeNoisy(clean: string, folder: string): Promise<string> {
  for (const name of await readdir(clean)) await sharp(join(clean, name)).linear(0.9, 9).toFile(join(folder, name));
  return folder;
}

describe.skipIf(browserPath === null)("a data set in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let server: LabServer;
  let page: Page;
  let at: WindowPage;
  let complaints: readonly string[];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => void ends.push(end);
    const clean = await writeScenes(await makeFolder(onEnd));
    ({ lab } = openLab(await makeFolder(onEnd), onEnd));
    await lab.addDataset({
      name: "camera",
      folder: clean,
      noisyFolder: await writeNoisy(clean, await makeFolder(onEnd)),
    });
    const served = await serveWindow(lab, browserPath, onEnd);
    ({ server } = served);
    ({ page, complaints } = await openPage(served.browser, server.url));
    at = toWindowPage(page, server.url);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it("opens a pair large, with both sides, their difference and the noise that was measured", async () => {
    await at.goTo("/datasets/camera");
    await at.button("Show photo-01.png large").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "photo-01.png" }).waitFor();
    for (const label of ["Clean", "Noisy", "Noisy minus clean, enlarged"]) {
      await dialog.getByText(label, { exact: true }).first().waitFor();
    }
    await dialog.getByRole("img", { name: /^Noise over brightness/ }).waitFor();
    await dialog.getByText("Correlation", { exact: false }).first().waitFor();
    expect(await findViolations(page)).toEqual([]);
    for (const size of [
      { width: 1440, height: 900 },
      { width: 1024, height: 700 },
    ]) {
      await page.setViewportSize(size);
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/large-${size.width}.png` });
    }
    await dialog.getByRole("button", { name: "Next photo" }).click();
    await dialog.getByRole("heading", { name: "photo-02.png" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  it("is held against another set, and shows the photos that both have", async () => {
    const { folder } = (await lab.listDatasets())[0] ?? { folder: "" };
    const copy = await writeNoisy(folder, await makeFolder());
    await lab.addDataset({ name: "test", folder: copy, noisyFolder: null });
    await at.goTo("/datasets/camera");
    await at.button("Look for leaks").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Look", exact: true }).click();
    await dialog.getByText("6 of 6 photos were found among 6 to train on.").first().waitFor();
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/leaks-1024.png` });
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await lab.removeDataset("test");
  });

  it("is renamed, and starts a search, a training and the bench with its own noise", async () => {
    await at.button("Rename").click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("my camera");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "my camera" }).waitFor();
    expect((await lab.listDatasets()).map(({ name }) => name)).toEqual(["my camera"]);
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/set-1024.png` });
    await at.button("Search with it").click();
    await page
      .getByText(/'data\.dataset=my camera' --set noise\.kind=paired/)
      .first()
      .waitFor();
    await lab.importArchitecture({ text: genotypeToJson(TINY_GENOTYPE), name: "Tiny", source: "test" });
    await at.goTo("/datasets/my%20camera");
    await at.button("Train with it").click();
    await page
      .getByText(/hinas train .*'data\.dataset=my camera' --set noise\.kind=paired/)
      .first()
      .waitFor();
    await at.goTo("/datasets/my%20camera");
    await at.button("On the noise bench").click();
    await page.getByRole("heading", { level: 1, name: "Noise bench" }).waitFor();
    await page.getByText("photo-00.png").first().waitFor();
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/bench-1024.png` });
  });

  it("had nothing to complain of all the while", () => {
    expect(complaints).toEqual([]);
  });
});

import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import type { LabServer } from "#main/server/serveLab.ts";

import { findBrowser } from "#tests/helpers/browser.ts";
import { findViolations } from "#tests/helpers/findViolations.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { type ServedLab, serveLabInBothThemes } from "#tests/helpers/servedLab.ts";
import { unpackZip } from "#tests/helpers/unpackZip.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** For a look at the screens by whoever changes them. */
const pictures = process.env["STUDY_PICTURES"];

const STUDY = `
name: which budget
seeds: 2
base:
  data: { dataset: mine, validationShare: 0.34 }
  space: { layers: 2, nodes: 2 }
axes:
  budget:
    short: { search: { epochs: 1, warmupEpochs: 0 } }
    long: { search: { epochs: 2, warmupEpochs: 0 } }
    "diverge at 7": {}
ends: training
`;

describe.skipIf(browserPath === null)("studies in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let server: LabServer;
  let windows: ServedLab["windows"];

  beforeAll(async () => {
    ({ lab, server, windows } = await serveLabInBothThemes(browserPath, (end) => ends.push(end)));
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it(
    "are written, checked, run, compared and packed, with a random control by one click",
    async () => {
      const page = windows[0]?.page;
      if (page === undefined) throw new Error("there must be a window");
      const main = page.getByRole("main");
      const button = (name: string) => page.getByRole("button", { name, exact: true });
      await page.goto(`${server.url}#/studies`);
      await main.getByText("No studies yet").waitFor();
      await button("New study").click();
      const text = page.getByRole("textbox", { name: "Study", exact: true });
      await text.fill(STUDY.replace("budget:", "bugdet:"));
      await button("Check").click();
      await page.getByText("unknown axis bugdet; did you mean budget?").first().waitFor();
      await text.fill(STUDY.replace("dataset: mine", "dataset: /etc"));
      await button("Check").click();
      await page.getByText("data.dataset must be one of sample, mine, got /etc").first().waitFor();
      await text.fill(STUDY);
      await button("Check").click();
      await page.getByText(/^Sound: 6 cells in 3 arms/).waitFor();
      await button("Start").click();
      // Six trainings as published take weeks here, but for the scripted ones of this test.
      await button("Start it all the same").click();
      await page.getByRole("heading", { name: "which budget" }).waitFor();
      await main.getByText("4 of 6", { exact: true }).waitFor({ timeout: 3 * MINUTE_MS });
      await main.getByText("2 failed", { exact: true }).waitFor();
      const results = main.getByRole("region", { name: "Results of each arm" });
      await results.getByRole("row", { name: /^short 2 of 2 25\.000/ }).waitFor();
      await results.getByRole("row", { name: /^diverge at 7 0 of 2/ }).waitFor();
      await main
        .getByText(/diverged at step 7/)
        .first()
        .waitFor();
      await main.getByRole("img", { name: /^Best score so far/ }).waitFor();
      await button("Add random control").click();
      await main.getByText("8 of 12", { exact: true }).waitFor({ timeout: 3 * MINUTE_MS });
      await results.getByRole("row", { name: /^short \(random control\) 2 of 2/ }).waitFor();
      await button("Save paper kit").waitFor();
      const [download] = await Promise.all([page.waitForEvent("download"), button("Save paper kit").click()]);
      expect(download.suggestedFilename()).toBe("which-budget.zip");
      const files = await unpackZip(await readFile(await download.path()));
      expect(files.get("tables/comparisons.tex")).toContain("\\toprule");
    },
    8 * MINUTE_MS,
  );

  it("are accessible in light and dark, as wide as a small window, without a complaint", async () => {
    const [study] = await lab.listStudies();
    for (const [index, { page, complaints }] of windows.entries()) {
      for (const path of ["/studies", `/studies/${study?.id}`]) {
        await page.goto(`${server.url}#${path}`);
        await page.getByRole("main").getByText("which budget").first().waitFor();
        if (path !== "/studies") await page.getByRole("img", { name: /^Best score so far/ }).waitFor();
        expect(await findViolations(page)).toEqual([]);
        for (const size of [
          { width: 1440, height: 900 },
          { width: 1024, height: 700 },
        ]) {
          await page.setViewportSize(size);
          const name = `${path.length > 10 ? "study" : "list"}-${index}-${size.width}.png`;
          if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}` });
          const isWider = await page.evaluate(() => {
            const { document } = globalThis as unknown as {
              document: { documentElement: { scrollWidth: number; clientWidth: number } };
            };
            return document.documentElement.scrollWidth > document.documentElement.clientWidth;
          });
          expect(isWider).toBe(false);
        }
      }
      expect(complaints).toEqual([]);
    }
  });

  it(
    "do a whole night's work by one form, which ends with a report to save",
    async () => {
      const page = windows[0]?.page;
      if (page === undefined) throw new Error("there must be a window");
      await lab.addDataset({ name: "other", folder: await writePhotos(await makeFolder(), 2), noisyFolder: null });
      await page.goto(`${server.url}#/studies`);
      await page.getByRole("button", { name: "Tonight", exact: true }).click();
      const dialog = page.getByRole("dialog");
      const choose = async (label: string, option: RegExp): Promise<void> => {
        await dialog.getByLabel(label, { exact: true }).click();
        await page.getByRole("option", { name: option }).first().click();
      };
      await choose("Search and train on", /^mine/);
      await choose("Test on", /^mine/);
      await dialog.getByText(/^Photos that a network was trained on say nothing/).waitFor();
      await choose("Test on", /^other/);
      await choose("Preset", /^Quick/);
      await dialog.getByRole("textbox", { name: "Name" }).fill("First night");
      expect(await findViolations(page)).toEqual([]);
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/tonight.png` });
      await dialog.getByRole("button", { name: "Start", exact: true }).click();
      const main = page.getByRole("main");
      await main.getByRole("heading", { level: 1, name: "First night" }).waitFor();
      await main
        .getByText("1 of 1", { exact: true })
        .first()
        .waitFor({ timeout: 5 * MINUTE_MS });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save report", exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("first-night.html");
      expect(await readFile(await download.path(), "utf8")).toContain("<td>The network</td>");
    },
    6 * MINUTE_MS,
  );

  it("say so where a study is not there", async () => {
    const page = windows[0]?.page;
    await page?.goto(`${server.url}#/studies/NONE`);
    await page?.getByText("The study could not be shown").waitFor();
  });
});

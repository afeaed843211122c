import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readEvents } from "#main/store/runs/eventLog.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { findBrowser, launchBrowser, openPage } from "#tests/helpers/browser.ts";
import { buildProgram } from "#tests/helpers/builtProgram.ts";
import { makeStepsDependent } from "#tests/helpers/dependentSteps.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { type ServeProcess, startServeProcess } from "#tests/helpers/serveProcess.ts";
import { toTinySearch } from "#tests/helpers/tinySearch.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
const SIDE = 48;

const EPOCHS = 24;
const TRAINING = (name: string, filters: number) => `
name: ${name}
noise: { kind: gaussian, sigma255: 30 }
data: { dataset: mine, validationShare: 0.125 }
network: { filters: ${filters} }
training: { steps: 30, batchSize: 1, patchSize: 24, validateEverySteps: 10 }
`;

/** What `hinas denoise` makes of a photo with the newest network, as a file. */
async function denoiseByCommand(home: string, file: string): Promise<string> {
  const out = join(home, "by-command");
  const newest = (await readdir(join(home, "runs"))).toSorted().at(-1) ?? "";
  const command = [resolve("src/main/cli.ts"), "denoise", newest, file, "--out", out];
  await promisify(execFile)(process.execPath, command, { env: { ...process.env, HINAS_HOME: home } });
  const [written] = await readdir(out);
  return join(out, written ?? "");
}

async function readGrey(file: string): Promise<{ readonly size: readonly number[]; readonly values: number[] }> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { size: [info.height, info.width, info.channels], values: [...data] };
}

type ArchEvent = Extract<RunEvent, { type: "arch" }>;

/** Op weights of an epoch by the formula, rounded as the window shows them. */
function weighRows({ arch }: ArchEvent, layer: number): string[][] {
  return (arch.alpha[layer] ?? []).map((row) => {
    const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
    return row.map((logit) => (Math.exp(logit) / sum).toFixed(4));
  });
}

describe.skipIf(browserPath === null)(
  "from photos to a denoised photo in the window (needs Chromium or Chrome)",
  () => {
    const ends: (() => Promise<unknown>)[] = [];
    let home: string;
    let photos: string;
    let server: ServeProcess;
    let browser: Browser;
    let page: Page;
    let at: WindowPage;
    const complaints: string[] = [];

    async function openWindow(): Promise<void> {
      server = await startServeProcess(home);
      const opened = await openPage(browser, server.url);
      ({ page } = opened);
      at = toWindowPage(page, server.url);
      ends.push(async () => void complaints.push(...opened.complaints));
    }

    /** What the only search wrote down so far. */
    async function readSearch(): Promise<readonly RunEvent[]> {
      const [folder] = await readdir(join(home, "runs"));
      return readEvents(join(home, "runs", folder ?? "", "events.jsonl"));
    }
    const archsOf = (events: readonly RunEvent[]) =>
      events.filter((event): event is ArchEvent => event.type === "arch");

    async function readOpWeights(epoch: number): Promise<string[][]> {
      const table = page.getByRole("region", { name: `Op weights of layer 0 at epoch ${epoch}: edges by primitives` });
      await table.waitFor();
      const rows = await table.locator("tbody tr").all();
      return Promise.all(rows.map((row) => row.locator("td").allTextContents()));
    }

    beforeAll(async () => {
      const onEnd = (end: () => Promise<void>) => ends.push(end);
      home = await makeFolder(onEnd);
      photos = await writePhotos(join(await makeFolder(onEnd), "mine"), 12, SIDE);
      await buildProgram();
      browser = await launchBrowser(browserPath ?? "");
      ends.push(() => browser.close());
      await openWindow();
      ends.push(() => server.kill());
    }, 5 * MINUTE_MS);

    makeStepsDependent();

    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });

    it("imports a folder of photos", async () => {
      await at.button("Start the demo search").waitFor();
      await at.goTo("/datasets");
      await at.addPhotos(photos);
      await page.getByRole("img", { name: "photo-11.png" }).waitFor();
    });

    it(
      "starts a search and shows the op weights move, as the run's own records say",
      async () => {
        await at.goTo("/search/new");
        await at.fill("As YAML", toTinySearch({ name: "story", data: { dataset: "mine" }, epochs: EPOCHS }));
        await at.button("Start the search").click();
        await at
          .panel("Op weights")
          .getByRole("button", { name: "Show as a table" })
          .click({ timeout: 2 * MINUTE_MS });
        await expect
          .poll(async () => archsOf(await readSearch()).length, { timeout: 2 * MINUTE_MS })
          .toBeGreaterThan(2);
        await at.button("Pause").click();
        await at.waitForText("paused", MINUTE_MS);
        const archs = archsOf(await readSearch());
        const newest = archs.at(-1);
        const first = archs[0];
        if (newest === undefined || first === undefined) throw new Error("a paused search must have an epoch");
        expect(await readOpWeights(newest.epoch)).toEqual(weighRows(newest, 0));
        expect(weighRows(newest, 0)).not.toEqual(weighRows(first, 0));
      },
      4 * MINUTE_MS,
    );

    it("scrubs all pictures to the first epoch and back to the newest", async () => {
      const [first] = archsOf(await readSearch());
      await page.getByRole("main").focus();
      await page.keyboard.press("Home");
      expect(await readOpWeights(1)).toEqual(first && weighRows(first, 0));
      await page.getByRole("img", { name: "Cell of layer 0 that would be derived from epoch 1" }).waitFor();
      await page.keyboard.press("End");
      await at.waitForText("following the newest");
    });

    it(
      "shows the run as interrupted after the server was killed, and takes it up where it was",
      async () => {
        const before = archsOf(await readSearch());
        await server.kill();
        await page.getByText("The lab does not answer").waitFor();
        await page.context().close();
        await openWindow();
        await page.getByRole("heading", { name: "A run was left unfinished" }).waitFor();
        await at.button("Look at it").click();
        await at.waitForText("interrupted");
        await at.button("Resume").click();
        await at.waitForText("finished", 3 * MINUTE_MS);
        const events = await readSearch();
        expect(archsOf(events).map(({ epoch }) => epoch)).toEqual(
          Array.from({ length: EPOCHS }, (_, index) => index + 1),
        );
        expect(archsOf(events).slice(0, before.length)).toEqual(before);
      },
      6 * MINUTE_MS,
    );

    it("derives the best epoch into the library", async () => {
      await at.button("Derive the best epoch").click();
      await page
        .getByRole("dialog")
        .getByText(/Derived from epoch \d+ and kept in the library/)
        .waitFor();
      await page.keyboard.press("Escape");
      await at.goTo("/architectures");
      await at.waitForText("1 architecture");
    });

    it(
      "trains the architecture twice",
      async () => {
        for (const [name, filters] of [
          ["narrow", 4],
          ["wide", 8],
        ] as const) {
          await at.goTo("/architectures");
          await page.getByRole("main").getByRole("listitem").getByRole("link").first().click();
          await at.button("Train").click();
          await at.fill("As YAML", TRAINING(name, filters));
          await at.button("Start the training").click();
          await page.getByRole("heading", { name, level: 1 }).waitFor();
          await at.waitForText("finished", 2 * MINUTE_MS);
        }
      },
      6 * MINUTE_MS,
    );

    it(
      "measures both networks on a test set and shows the pictures one by one",
      async () => {
        for (const name of ["narrow", "wide"]) {
          await at.goTo("/train");
          await page.getByRole("link", { name }).click();
          await at.button("Evaluate").click();
          await at.fill("Most photos", "2");
          await at.button("Measure").click();
          const grid = page.getByRole("region", { name: `Evaluations of ${name}: test sets by noise` });
          await grid.getByRole("link").click({ timeout: MINUTE_MS });
          const pictures = page.getByRole("table", { name: "Figures of every picture" });
          await expect.poll(() => pictures.locator("tbody tr").count()).toBe(2);
        }
      },
      4 * MINUTE_MS,
    );

    it("compares the two networks with each other", async () => {
      await at.goTo("/compare");
      await at.button("Add").click();
      await page.getByRole("checkbox", { name: /narrow/ }).check();
      await page.getByRole("checkbox", { name: /wide/ }).check();
      await at.button("Done").click();
      const figures = page.getByRole("region", { name: /^Figures of what is compared/ });
      await figures.getByRole("row", { name: /^PSNR on sample, / }).waitFor();
      const settings = page.getByRole("region", { name: "Settings in which the trainings differ" });
      await settings.getByRole("row", { name: /Filters.*4.*8/ }).waitFor();
      await at.waitForText("All of them are the same architecture.");
    });

    it(
      "denoises a dropped photo, wipes over it and saves what the command line would write",
      async () => {
        const file = join(photos, "photo-03.png");
        await at.drop([file]);
        await at.button(/photo-03\.png.*done/).waitFor({ timeout: MINUTE_MS });
        await at.button("Wipe").click();
        const line = page.getByRole("slider", { name: "Line between the two pictures" });
        await line.focus();
        await page.keyboard.press("Home");
        await expect.poll(() => line.getAttribute("aria-valuenow")).toBe("0");
        await at.button("Save as…").click();
        const downloaded = page.waitForEvent("download");
        await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
        const saved = await (await downloaded).path();
        expect(await readGrey(saved)).toEqual(await readGrey(await denoiseByCommand(home, file)));
      },
      2 * MINUTE_MS,
    );
  },
);

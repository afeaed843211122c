import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import type { Browser, Page } from "playwright-core";

import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { formatInteger } from "#renderer/format/numbers.ts";
import { findBrowser, launchBrowser } from "#tests/helpers/browser.ts";
import { buildProgram } from "#tests/helpers/builtProgram.ts";

import { measurePhoto } from "./benchPhoto.ts";
import { findPhotoMisses, type PhotoMeasurement, renderPhotoMeasurement } from "./photoMeasurement.ts";
import { writeRealtimeBrowser } from "./realtimeBrowser.ts";
import { type PageMeter, setUpPageMeter } from "./pageMeter.ts";
import { STEPS_PER_EPOCH, STEPS_PER_LOG_LINE, type StreamPlan } from "./streamName.ts";
import { findMisses, renderWindowMeasurement, type WindowMeasurement } from "./windowMeasurement.ts";
import { WINDOW_SCENARIOS, type WindowScenario, type WindowScenarioName } from "./windowScenarios.ts";

const WIDTH = 1440;
/** Shares of the run at which the page is weighed: 1,000, 2,500, 5,000, 7,500 and 10,000 of 10,000 steps. */
const WEIGHED_AT = [0.1, 0.25, 0.5, 0.75, 1];
const POLL_MS = 100;
/** News take this long to reach the page, at most. */
const NEWS_MS = 1000;

interface Bench {
  readonly lab: Lab;
  readonly url: string;
  readonly browser: Browser;
  readonly plan: StreamPlan;
  /** Where the page's CPU profile goes; null takes none. */
  readonly profile: string | null;
}

/**
 * Measures how smooth the window stays while a run streams its events: in a real browser, over the real server and lab,
 * with a compute process that tells much and computes nothing; and how soon a photo of 24 megapixels is seen denoised, by the
 * networks in the box and onnxruntime. `--only search|train|photo`, `--steps`, `--rate`, `--height` (else
 * as high as the page, so that all is in sight), `--realtime` (the browser goes before all else on a busy Linux machine), `--profile FILE`
 * (for the browser's tools), `--json`. Ends with 1 where a bar is missed.
 */
async function benchWindow(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      steps: { type: "string", default: "10000" },
      rate: { type: "string", default: "50" },
      height: { type: "string" },
      profile: { type: "string" },
      realtime: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const plan = { steps: Number(values.steps), rate: Number(values.rate) };
  const names = Object.keys(WINDOW_SCENARIOS) as WindowScenarioName[];
  const wanted = names.filter((name) => values.only === undefined || values.only === name);
  const measurements: WindowMeasurement[] = [];
  const photos: PhotoMeasurement[] = [];
  await withBrowser(values.realtime, async (browser, home) => {
    const rendererFolder = await buildProgram();
    if (wanted.length > 0) {
      await withLab(home, rendererFolder, async (lab, url) => {
        for (const name of wanted) {
          log(`streaming to the ${WINDOW_SCENARIOS[name].title}`);
          const bench = { lab, url, browser, plan, profile: values.profile ?? null };
          measurements.push(await measure(bench, WINDOW_SCENARIOS[name], Number(values.height ?? 0)));
        }
      });
    }
    if (values.only === undefined || values.only === "photo") {
      photos.push(...(await measurePhoto(home, rendererFolder, browser, log)));
    }
  });
  const misses = [...measurements.flatMap(findMisses), ...photos.flatMap(findPhotoMisses)];
  const tables = [...measurements.map(renderWindowMeasurement), ...photos.map(renderPhotoMeasurement)];
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ measurements, photos, misses }, null, 2)}\n`
      : `${tables.join("\n")}${misses.map((miss) => `MISSED ${miss}\n`).join("")}`,
  );
  if (misses.length > 0) process.exitCode = 1;
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Starts a browser, with a folder for what is measured. */
async function withBrowser(
  isRealtime: boolean,
  work: (browser: Browser, folder: string) => Promise<void>,
): Promise<void> {
  const executable = findBrowser();
  if (executable === null) throw new Error("bench: Chromium or Chrome must be installed, found none");
  const folder = await mkdtemp(join(tmpdir(), "hinas-bench-"));
  const browser = await launchBrowser(isRealtime ? await writeRealtimeBrowser(executable, folder) : executable);
  try {
    await work(browser, folder);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Serves the window over a lab in an empty home. */
async function withLab(
  home: string,
  rendererFolder: string,
  work: (lab: Lab, url: string) => Promise<void>,
): Promise<void> {
  const lab = createLab({ home, log, computeEntry: fileURLToPath(new URL("./streamWorker.ts", import.meta.url)) });
  const server = await serveLab({ lab, rendererFolder, host: "127.0.0.1", port: 0, log });
  try {
    await work(lab, server.url);
  } finally {
    await server.close();
    await lab.close();
  }
}

async function measure(bench: Bench, scenario: WindowScenario, height: number): Promise<WindowMeasurement> {
  const { lab, url, browser, plan, profile } = bench;
  const { id } = await scenario.start(lab, plan);
  const page = await browser.newPage({ viewport: { width: WIDTH, height: height || 900 }, acceptDownloads: true });
  const meter = await setUpPageMeter(page);
  await page.goto(`${url}#${scenario.toPath(id)}`);
  await waitForStep(lab, id, STEPS_PER_EPOCH);
  await page
    .locator("canvas")
    .nth(scenario.canvases - 1)
    .waitFor();
  const shown = height || (await fitHeight(page));
  await sleep(NEWS_MS);
  const opening = await meter.begin();
  const stopProfile = profile === null ? null : await startProfile(page, profile);
  const holdings = await weighAlong(bench, id, meter);
  const streaming = await meter.read();
  await stopProfile?.();
  await waitForEndOnPage(page, plan);
  // A window that is opened when all is over has only been told of a part.
  await page.reload();
  const savedSteps = await countSavedSteps(page);
  await page.close();
  return { title: scenario.title, plan, width: WIDTH, height: shown, opening, streaming, holdings, savedSteps };
}

async function weighAlong({ lab, plan }: Bench, id: string, meter: PageMeter): Promise<WindowMeasurement["holdings"]> {
  const holdings: (Awaited<ReturnType<PageMeter["weigh"]>> & { step: number })[] = [];
  for (const share of WEIGHED_AT) {
    const step = Math.round(share * plan.steps);
    await waitForStep(lab, id, step);
    if (step === plan.steps) await sleep(NEWS_MS);
    holdings.push({ step, ...(await meter.weigh()) });
  }
  return holdings;
}

/** Waits until a run has come to a step, and at its last one until it has ended. Throws where it does not end well. */
async function waitForStep(lab: Lab, id: string, step: number): Promise<void> {
  for (;;) {
    const run = await lab.showRun(id);
    if (run.state === "failed" || run.state === "stopped") throw new Error(`bench: the run ended: ${run.reason}`);
    if (run.step >= step && (step < run.totalSteps || run.state === "finished")) return;
    await sleep(POLL_MS);
  }
}

/** Makes the page so high that nothing of it has to be scrolled to. */
async function fitHeight(page: Page): Promise<number> {
  const missing = await page.getByRole("main").evaluate((main) => {
    const { scrollHeight, clientHeight } = main as unknown as { scrollHeight: number; clientHeight: number };
    return scrollHeight - clientHeight;
  });
  const height = (page.viewportSize()?.height ?? 0) + missing;
  await page.setViewportSize({ width: WIDTH, height });
  return height;
}

async function startProfile(page: Page, file: string): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Profiler.enable");
  await devtools.send("Profiler.start");
  return async () => {
    const { profile } = await devtools.send("Profiler.stop");
    await writeFile(file, JSON.stringify(profile));
  };
}

/** The page has heard of the last step and of the last line of the log. Throws where one of them does not come. */
async function waitForEndOnPage(page: Page, { steps }: StreamPlan): Promise<void> {
  const last = formatInteger(steps);
  await page.getByRole("region", { name: "Progress" }).getByText(`${last} of ${last}`).waitFor();
  const lastLine = Math.floor(steps / STEPS_PER_LOG_LINE) * STEPS_PER_LOG_LINE;
  if (lastLine > 0) await page.getByRole("log").getByText(`step ${lastLine}:`).waitFor();
}

/** Saves the loss as CSV, as a person would, and counts the steps of its first curve. */
async function countSavedSteps(page: Page): Promise<number> {
  const loss = page.getByRole("region", { name: "Loss", exact: true });
  await loss.getByRole("button", { name: "More actions" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Save as CSV" }).click();
  const lines = (await readFile(await (await downloading).path(), "utf8")).trim().split("\r\n").slice(1);
  const first = lines[0]?.split(",")[0] ?? "";
  return lines.filter((line) => line.startsWith(`${first},`)).length;
}

await benchWindow();

import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { toPicturePath } from "#shared/api/pictures.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { findBrowser, launchBrowser, openPage } from "#tests/helpers/browser.ts";
import { buildProgram } from "#tests/helpers/builtProgram.ts";
import { findChildren } from "#tests/helpers/childProcesses.ts";
import { makeStepsDependent } from "#tests/helpers/dependentSteps.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { openSocket } from "#tests/helpers/labServer.ts";
import { type ServeProcess, startServeProcess } from "#tests/helpers/serveProcess.ts";
import { toTinySearch } from "#tests/helpers/tinySearch.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;

/** Goes on until it is stopped. */
const toSearch = (name: string, dataset: string, more: object = {}) =>
  toTinySearch({ name, data: { dataset }, epochs: 2000, more: { checkpointEverySteps: 10, ...more } });

describe.skipIf(browserPath === null)("windows beside each other and in trouble (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let home: string;
  let lost: string;
  let server: ServeProcess;
  let browser: Browser;
  /** Two windows of one lab. */
  let one: { readonly page: Page; readonly at: WindowPage };
  let two: typeof one;

  async function openWindow(): Promise<typeof one> {
    const { page } = await openPage(browser, server.url);
    page.setDefaultTimeout(MINUTE_MS);
    return { page, at: toWindowPage(page, server.url) };
  }

  async function startSearch({ at }: typeof one, yaml: string): Promise<void> {
    await at.goTo("/search/new");
    await at.fill("As YAML", yaml);
    await at.button("Start the search").click();
  }

  /** What the first search wrote down so far. */
  async function readRun(): Promise<readonly RunEvent[]> {
    const [folder] = (await readdir(join(home, "runs"))).toSorted();
    return readEvents(join(home, "runs", folder ?? "", "events.jsonl"));
  }
  const lossesOf = (events: readonly RunEvent[]) =>
    events.flatMap((event) => (event.type === "step" ? [[event.step, event.loss]] : []));
  const waitForSteps = async (more: number) => {
    const before = lossesOf(await readRun()).length;
    await expect
      .poll(async () => lossesOf(await readRun()).length, { timeout: MINUTE_MS })
      .toBeGreaterThan(before + more);
  };

  /** The loss of every step that a window knows of, by what its chart saves. */
  async function saveLosses({ page, at }: typeof one): Promise<number[][]> {
    await at.button("Step").click();
    await at.panel("Loss").getByRole("button", { name: "More actions" }).click();
    const downloaded = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Save as CSV" }).click();
    const lines = (await readFile(await (await downloaded).path(), "utf8")).trim().split("\r\n");
    const rows = lines.map((line) => line.split(","));
    return rows.filter(([metric]) => metric === "weights half").map(([, step, loss]) => [Number(step), Number(loss)]);
  }

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    home = await makeFolder(onEnd);
    const photos = await makeFolder(onEnd);
    lost = await writePhotos(join(photos, "lost"), 6);
    const lab = createLab({ home, log: () => undefined });
    const mine = await writePhotos(join(photos, "mine"), 12, 48);
    await lab.addDataset({ name: "mine", folder: mine, noisyFolder: null });
    await lab.addDataset({ name: "lost", folder: lost, noisyFolder: null });
    await lab.close();
    await buildProgram();
    server = await startServeProcess(home);
    ends.push(() => server.kill());
    browser = await launchBrowser(browserPath ?? "");
    ends.push(() => browser.close());
    [one, two] = [await openWindow(), await openWindow()];
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  makeStepsDependent();

  it(
    "show a run that was started in the other one, and obey both",
    async () => {
      await two.at.goTo("/search");
      await startSearch(one, toSearch("shared", "mine"));
      await two.page
        .getByRole("row", { name: /shared/ })
        .getByRole("link")
        .first()
        .click();
      await one.at.panel("Op weights").waitFor({ timeout: 2 * MINUTE_MS });
      await two.at.panel("Op weights").waitFor();
      await one.at.button("Pause").click();
      await two.at.waitForText("paused");
      await two.at.button("Resume").click();
      await one.at.waitForText("running");
    },
    4 * MINUTE_MS,
  );

  it(
    "know every step once, also one that was loaded again in the middle of the run",
    async () => {
      await waitForSteps(5);
      await one.page.reload();
      await waitForSteps(5);
      await one.at.button("Pause").click();
      await one.at.waitForText("paused");
      await two.at.waitForText("paused");
      const losses = lossesOf(await readRun());
      expect(new Set(losses.map(([step]) => step)).size).toBe(losses.length);
      expect(await saveLosses(one)).toEqual(losses);
      expect(await saveLosses(two)).toEqual(losses);
      await one.at.button("Resume").click();
      await one.at.waitForText("running");
    },
    4 * MINUTE_MS,
  );

  it.skipIf(process.platform === "win32")(
    "tell that the compute process was killed, and take the run up where its checkpoint is",
    async () => {
      const workers = await findChildren(server.pid, "worker");
      expect(workers).not.toEqual([]);
      for (const worker of workers) process.kill(worker, "SIGKILL");
      await one.at.waitForText("interrupted");
      await two.at.waitForText("interrupted");
      await one.page
        .getByText(/compute process ended by itself \(SIGKILL; the system does this when memory runs out\)/)
        .first()
        .waitFor();
      await two.at.button("Resume").click();
      await one.at.waitForText("running", 2 * MINUTE_MS);
      await waitForSteps(5);
      const resumed = (await readRun()).filter((event) => event.type === "resumed");
      expect(resumed).toHaveLength(1);
      expect(resumed[0]?.step).toBeGreaterThan(0);
      await one.at.button("Stop").click();
      await one.page.getByRole("alertdialog").getByRole("button", { name: "Stop" }).click();
      await two.at.waitForText("stopped");
      const losses = lossesOf(await readRun());
      expect(await saveLosses(one)).toEqual(losses);
      expect(await saveLosses(two)).toEqual(losses);
    },
    5 * MINUTE_MS,
  );

  it("say why numbers ran away, at which step, and what helps", async () => {
    await startSearch(one, toSearch("runaway", "mine", { weights: { learningRate: 1e30 } }));
    await one.at.waitForText("failed", 2 * MINUTE_MS);
    await one.page
      .getByText(/Diverged at step \d+: .* no longer finite; a lower learning rate/)
      .first()
      .waitFor();
  });

  it("say which folder of photos is gone", async () => {
    await rm(lost, { recursive: true });
    await startSearch(one, toSearch("homeless", "lost"));
    await one.page.getByText("The search could not start", { exact: true }).waitFor();
    await one.page.getByText(`data set lost: its folder ${lost} is not there; bring it back`).first().waitFor();
  });
});

describe("the server as a process", () => {
  it.skipIf(browserPath === null)(
    "is found again by open tabs and bookmarks after it was killed and started again",
    async ({ onTestFinished }) => {
      const home = await makeFolder();
      await buildProgram();
      const first = await startServeProcess(home);
      const browser = await launchBrowser(browserPath ?? "");
      onTestFinished(() => browser.close());
      const { page: tab } = await openPage(browser, first.url);
      tab.setDefaultTimeout(MINUTE_MS);
      await tab.getByRole("button", { name: "Start the demo search" }).waitFor();
      await first.kill();
      const banner = tab.getByText("The lab does not answer");
      await banner.waitFor();

      const second = await startServeProcess(home, first.port);
      onTestFinished(() => second.kill());
      expect(second.token).toBe(first.token);
      await banner.waitFor({ state: "hidden" });
      // What the tab asks is answered by the new server.
      await tab.getByRole("link", { name: "Settings" }).click();
      await tab.getByRole("heading", { level: 1, name: "Settings" }).waitFor();

      const bookmark = await tab.context().newPage();
      await bookmark.goto(`http://127.0.0.1:${second.port}/#/settings`);
      await bookmark.getByRole("heading", { level: 1, name: "Settings" }).waitFor({ timeout: MINUTE_MS });
      expect(await bookmark.getByText(/refused this window/).count()).toBe(0);
    },
    4 * MINUTE_MS,
  );

  it("refuses pages of other sites and files outside of what is registered", async ({ onTestFinished }) => {
    const home = await makeFolder();
    const photos = await makeFolder();
    const folder = await writePhotos(join(photos, "mine"), 3);
    await writePhotos(join(photos, "private"), 2);
    await buildProgram();
    const lab = createLab({ home, log: () => undefined });
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    await lab.close();
    const server = await startServeProcess(home);
    onTestFinished(() => server.kill());
    const socket = openSocket(server, { Origin: "https://evil.example" });
    const [, refusal] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(refusal.statusCode).toBe(403);
    const statusOf = async (photo: string) => {
      const path = toPicturePath({ kind: "photo", dataset: "mine", photo }, server.token);
      return (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
    };
    expect(await statusOf("photo-01.png")).toBe(200);
    expect(await statusOf("../private/photo-01.png")).toBe(404);
    expect(await statusOf(join(photos, "private", "photo-01.png"))).toBe(404);
  });
});

import { once } from "node:events";
import { join } from "node:path";

import type { ElectronApplication, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";

import { buildProgram } from "#tests/helpers/builtProgram.ts";
import { findInstalledElectron, launchElectron } from "#tests/helpers/electron.ts";
import { makeStepsDependent } from "#tests/helpers/dependentSteps.ts";
import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { toTinySearch } from "#tests/helpers/tinySearch.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const electron = findInstalledElectron();
const MINUTE_MS = 60_000;
const note = "reason" in electron ? ` (skipped: ${electron.reason})` : "";

describe.skipIf("reason" in electron)(`the window in Electron${note}`, () => {
  const ends: (() => Promise<unknown>)[] = [];
  let home: string;
  let photos: string;
  let program: ElectronApplication;
  let page: Page;
  let at: WindowPage;

  beforeAll(async () => {
    if (!("program" in electron)) return;
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    home = await makeFolder(onEnd);
    photos = await writePhotos(join(await makeFolder(onEnd), "mine"), 12, 48);
    await buildProgram();
    program = await launchElectron(electron.program, home, await makeFolder(onEnd));
    ends.push(() => program.close());
    page = await program.firstWindow();
    at = toWindowPage(page, page.url());
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  makeStepsDependent();

  /** Answers every question of the program by the button of this place, and keeps what was asked. */
  async function answerQuestions(response: number): Promise<void> {
    await program.evaluate(({ dialog }, button) => {
      const kept = globalThis as { asked?: string[] };
      kept.asked = [];
      const answer = (options: { readonly message: string }) => {
        kept.asked?.push(options.message);
        return Promise.resolve({ response: button, checkboxChecked: false });
      };
      dialog.showMessageBox = answer as unknown as typeof dialog.showMessageBox;
    }, response);
  }
  const listAsked = () => program.evaluate(() => (globalThis as { asked?: string[] }).asked ?? []);
  const closeWindow = () => program.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

  async function startSearch(name: string, epochs: number): Promise<void> {
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await at.button("New search").click();
    await at.fill("As YAML", toTinySearch({ name, data: { dataset: "mine" }, epochs }));
    await at.button("Start the search").click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  }

  it("opens with its bridge to the lab, and without Node", async () => {
    await at.button("Start the demo search").waitFor();
    expect(await page.evaluate(() => ["hinas", "require", "process"].filter((name) => name in globalThis))).toEqual([
      "hinas",
    ]);
  });

  it("adds a data set", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await at.addPhotos(photos);
    await page.getByRole("img", { name: "photo-11.png" }).waitFor();
  });

  it(
    "runs a search to its end",
    async () => {
      await startSearch("short", 3);
      await at.waitForText("finished", 3 * MINUTE_MS);
    },
    4 * MINUTE_MS,
  );

  it(
    "asks what becomes of a job when it is closed, stays where that is wished, and else ends with a checkpoint",
    async () => {
      await startSearch("long", 2000);
      await at.panel("Op weights").waitFor({ timeout: 2 * MINUTE_MS });
      await answerQuestions(2);
      await closeWindow();
      await expect.poll(listAsked).toEqual(["A job is still at work."]);
      await at.waitForText("running");
      await answerQuestions(1);
      const ended = once(program.process(), "exit");
      await closeWindow();
      await ended;
      const lab = createLab({ home, log: () => undefined });
      ends.push(() => lab.close());
      expect(await lab.listRuns()).toMatchObject([
        { name: "long", state: "stopped" },
        { name: "short", state: "finished" },
      ]);
    },
    4 * MINUTE_MS,
  );
});

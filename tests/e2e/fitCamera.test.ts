import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { SHOT_NOISE, writeBurst } from "#tests/helpers/cameraShots.ts";
import { makeFolder, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;

describe.skipIf(browserPath === null)("Fit my camera in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let shots: readonly string[];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const folder = await writePhotos(join(await makeFolder(onEnd), "mine"), 4, 64);
    shots = await writeBurst(await makeFolder(onEnd), 3);
    const box = await makeFolder(onEnd);
    await writeTinyModel(box, "plain");
    await writeTinyModel(box, "bright", { imageChannels: 3, seed: 2 });
    const home = await makeFolder(onEnd);
    lab = createLab({ home, log: () => undefined, computeEntry: SCRIPTED_WORKER, shippedModelsFolder: box });
    ends.push(() => lab.close());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const fact = (label: string) => page.locator("dl div", { has: page.getByText(label, { exact: true }) }).locator("dd");

  it("says why one textured photo is no flat frame", async () => {
    await at.goTo("/noise");
    await at.button("Fit my camera").click();
    await at.waitForText("Drop photos here");
    await at.drop(shots.slice(0, 1));
    await page.getByText(/this photo has texture/).waitFor();
  });

  it("measures a burst that is dropped, and says that it took one", async () => {
    await at.drop(shots);
    await at.waitForText("A burst of one scene");
    const { noise } = await lab.fitCamera({ files: [...shots], way: null });
    expect(await fact("Gain").textContent()).toBe(String(noise.gain));
    expect(Math.abs(noise.gain / SHOT_NOISE.gain - 1)).toBeLessThan(0.1);
    await page.getByRole("img", { name: /Variance of the noise over brightness/ }).waitFor();
  });

  it("keeps the profile, and then trains a network for such pictures with its noise", async () => {
    expect(await at.button("Fine-tune a network for it").isDisabled()).toBe(true);
    await page.getByLabel("Name of the profile").fill("tripod");
    await at.button("Save").click();
    await at.waitForText("Saved as tripod.");
    const [profile] = await lab.listNoiseProfiles();
    expect(profile?.noise.kind).toBe("poisson_gaussian");
    expect(await page.getByRole("combobox", { name: "Network" }).textContent()).toContain("plain");
    await at.button("Fine-tune a network for it").click();
    await page.waitForURL(/#\/train\/[0-9A-Z]{26}$/i);
    const [run] = await lab.listRuns();
    if (run === undefined) throw new Error("a training was begun");
    expect(page.url()).toContain(run.id);
    const setup = await lab.showRunSetup(run.id);
    expect(setup.config).toMatchObject({ noise: profile?.noise, name: "plain for tripod", data: { dataset: "mine" } });
    const plain = (await lab.listModels()).find(({ name }) => name === "plain");
    expect(setup.kind === "train" && setup.config.training.startFrom).toBe(plain?.id);
  });
});

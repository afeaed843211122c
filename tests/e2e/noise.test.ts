import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;

describe.skipIf(browserPath === null)("the noise bench in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let page: Page;
  let at: WindowPage;

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const folder = await writePhotos(join(await makeFolder(onEnd), "mine"), 8, 96);
    ({ lab } = openLab(await makeFolder(onEnd), onEnd));
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
    await at.goTo("/noise");
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const fact = (label: string) => page.locator("dl div", { has: page.getByText(label, { exact: true }) }).locator("dd");
  const choose = async (box: string, option: string | RegExp) => {
    await page.getByRole("combobox", { name: box }).click();
    await page.getByRole("option", { name: option }).click();
  };

  it("shows the figures that the lab measures of the photo, the noise and the seed that are set", async () => {
    await choose("Data set", /mine/);
    await page.getByLabel("Sigma (0 to 255)").first().fill("45");
    await page.getByLabel("Seed", { exact: true }).fill("3");
    const noise = { kind: "gaussian", sigma255: 45 } as const;
    const figures = await lab.measureNoise({ dataset: "mine", photo: "photo-00.png", channels: 1, noise, seed: 3 });
    await expect.poll(() => fact("Sigma drawn").textContent()).toBe("45.00");
    await expect.poll(() => fact("Standard deviation").textContent()).toBe(figures.deviation255.toFixed(2));
    expect(await fact("Estimated from the noisy picture").textContent()).toBe(figures.estimatedSigma255.toFixed(2));
  });

  it("works in colour, with the noise of all three channels", async () => {
    await at.button("Colour").click();
    const noise = { kind: "gaussian", sigma255: 45 } as const;
    const figures = await lab.measureNoise({ dataset: "mine", photo: "photo-00.png", channels: 3, noise, seed: 3 });
    await expect.poll(() => fact("Standard deviation").textContent()).toBe(figures.deviation255.toFixed(2));
    await at.button("Grey").click();
    const grey = await lab.measureNoise({ dataset: "mine", photo: "photo-00.png", channels: 1, noise, seed: 3 });
    expect(grey.deviation255).not.toBe(figures.deviation255);
    await expect.poll(() => fact("Standard deviation").textContent()).toBe(grey.deviation255.toFixed(2));
  });

  it("lists measured and expected counts of the histogram as a table", async () => {
    await at.button("Show as a table").click();
    const rows = page.getByRole("region", { name: "Noise histogram as a table" }).getByRole("row");
    await expect.poll(() => rows.count()).toBe(102);
    await at.button("Show as a table").click();
  });

  it("keeps the last sound noise on show while what is typed is none, and says what is wrong", async () => {
    const field = page.getByLabel("Sigma (0 to 255)").first();
    await field.fill("-5");
    await page.getByText("This is no noise setting yet.").waitFor();
    expect(await fact("Sigma drawn").textContent()).toBe("45.00");
    await field.fill("20, 60");
    await expect.poll(() => fact("Sigma drawn").textContent()).toMatch(/^(20|60)\.00$/);
  });

  it("shows other patches at other steps, cut as a training does", async () => {
    await at.button("Training patch").click();
    await expect.poll(() => fact("Size").textContent()).toBe("64 × 64");
    const seen = new Set<string>();
    for (let index = 0; index < 4; index++) {
      seen.add((await fact("Mean").textContent()) ?? "");
      await at.button("Patch of the batch: one more").click();
      await expect.poll(async () => seen.has((await fact("Mean").textContent()) ?? "")).toBe(false);
    }
  });

  it("says why a camera pair cannot be shown where there is none", async () => {
    await at.button("Whole photo").click();
    await at.button("Pairs").click();
    await page.getByText(/needs a noisy photo beside "photo-00.png"/).waitFor();
    await at.button("Poisson–Gaussian").click();
    await expect.poll(() => fact("Sigma drawn").count()).toBe(0);
    await fact("Standard deviation").waitFor();
  });

  it("saves the setting under a name, which the form of a search then takes", async () => {
    await page.getByLabel("Name of the profile").fill("dusk");
    await at.button("Save").click();
    await page.getByText("dusk was saved", { exact: true }).waitFor();
    expect(await lab.listNoiseProfiles()).toMatchObject([
      { name: "dusk", noise: { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 } },
    ]);
    await at.button("Actions for dusk").click();
    await page.getByRole("menuitem", { name: "Search with it" }).click();
    await page.getByText("--set noise.gain=0.01").waitFor();
    expect(await page.getByRole("combobox", { name: "Noise profile" }).textContent()).toBe("dusk");
  });

  it("renames a profile, refuses a name that is taken, and deletes one", async () => {
    await lab.saveNoiseProfile({ name: "day", noise: { kind: "gaussian", sigma255: 5 } });
    await at.goTo("/noise");
    await at.button("Actions for dusk").click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    const name = page.getByRole("dialog").getByLabel("Name of the profile");
    await name.fill("day");
    await page.getByText("Another profile has this name.").waitFor();
    await name.fill("night");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await at.button("Actions for night").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    const namesOf = async () => (await lab.listNoiseProfiles()).map((profile) => profile.name);
    await expect.poll(namesOf).toEqual(["day"]);
    await expect.poll(() => page.getByRole("button", { name: /^Actions for/ }).count()).toBe(1);
  });
});

import { join } from "node:path";

import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeStepsDependent } from "#tests/helpers/dependentSteps.ts";
import { makeFolder, openLabWithBox } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
const PATIENCE = { timeout: 2 * MINUTE_MS };
/** More than a part that is denoised first. */
const [WIDTH, HEIGHT] = [1300, 900];

async function writePhoto(file: string): Promise<string> {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => 90 + ((p * 7) % 31) + ((p / WIDTH) % 60));
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
  await sharp(data, { raw }).toColourspace("b-w").png().toFile(file);
  return file;
}

describe.skipIf(browserPath === null)("denoising by the models in the box (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let photo: string;

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    const folder = await makeFolder(onEnd);
    photo = await writePhoto(join(folder, "leaf.png"));
    await writeTinyModel(join(folder, "box"), "tiny-grey", { unshuffle: 2 });
    await writeTinyModel(join(folder, "box"), "tiny-colour", { imageChannels: 3, noiseMap: false });
    ({ lab } = openLabWithBox(join(folder, "home"), join(folder, "box"), onEnd));
    await lab.setPreferences({ denoisingEngine: "onnxruntime" });
    const { server, browser } = await serveWindow(lab, browserPath, onEnd);
    ({ page } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
    // Two cores that are busy otherwise take their time for an estimate and a photo of a megapixel.
    page.setDefaultTimeout(2 * MINUTE_MS);
  }, 5 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  makeStepsDependent();

  async function item(): Promise<DenoiseItem | undefined> {
    const [task] = await lab.listTasks();
    return (await lab.listDenoiseItems({ task: task?.id ?? "", offset: 0, limit: 1 })).items[0];
  }
  const main = () => page.getByRole("main");

  it(
    "denoises the very first photo that is dropped, and says by which network and why",
    async () => {
      await at.goTo("/denoise");
      await page.getByRole("heading", { name: "Drop photos or folders here" }).waitFor();
      await page.getByRole("button", { name: "Networks: Chosen for each photo" }).waitFor();
      await at.drop([photo]);
      await at.button(/leaf\.png.*done/).waitFor();
      await main().getByText("tiny-grey", { exact: true }).waitFor();
      await main().getByText("grey · noise map, sigma 0 to 50 · half resolution").waitFor();
      await main()
        .getByText(/chosen because it was trained for grey pictures .* for a grey photo/)
        .waitFor();
      const { estimatedSigma255 } = (await item()) ?? {};
      await at.button(`Estimated ${estimatedSigma255?.toFixed(1)}`).waitFor();
    },
    5 * MINUTE_MS,
  );

  it(
    "denoises anew for the noise of the slider, and warns beyond what the network knows",
    async () => {
      const slider = page.getByRole("slider", { name: "Noise in the photo" });
      await slider.focus();
      await page.keyboard.press("End");
      await expect.poll(item, PATIENCE).toMatchObject({ sigma255: 75 });
      await main().getByText("the photo is said to have noise 75, and tiny-grey was trained for 0 to 50").waitFor();
      await page.getByRole("button", { name: /^Estimated/ }).click();
      await expect.poll(item, PATIENCE).toMatchObject({ sigma255: null, remarks: [] });
      await main().getByText("the photo is said to have noise 75").waitFor({ state: "detached" });
    },
    5 * MINUTE_MS,
  );

  it("denoises anew by another network that is chosen, one for colour too, and says what that means", async () => {
    await page.getByRole("button", { name: "Networks: Chosen for each photo" }).click();
    await page.getByRole("menuitemcheckbox", { name: /^tiny-colour/ }).click();
    await page.keyboard.press("Escape");
    await main()
      .getByText(/tiny-colour is for colour: the grey photo goes in as three equal channels/)
      .waitFor();
    expect(await item()).toMatchObject({ why: null });
    await expect.poll(() => page.getByRole("slider", { name: "Noise in the photo" }).count()).toBe(0);
  });

  it("leaves the choice to the lab again", async () => {
    await page.getByRole("button", { name: "Networks: tiny-colour" }).click();
    await page.getByRole("menuitemcheckbox", { name: /^Chosen for each photo/ }).click();
    await page.keyboard.press("Escape");
    await main()
      .getByText(/chosen because it was trained for grey pictures/)
      .waitFor();
  });

  it("measures a network of the box on a set of photos", async () => {
    await at.goTo("/train?tab=evaluations");
    await at.button("Measure a network").click();
    await page.getByRole("menuitem", { name: "tiny-grey" }).click();
    await page.getByRole("dialog").getByText("Measure tiny-grey").first().waitFor();
  });
});

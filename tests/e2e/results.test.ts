import { readFile } from "node:fs/promises";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { asCells, genotypeHash, genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
const HASH = genotypeHash(TINY_GENOTYPE);

/** The smallest training that is validated more than once, for the real engine. */
const TINY_TRAINING = `
name: tiny
data: { maxPhotos: 6, validationShare: 0.2 }
network: { filters: 4 }
training: { steps: 6, batchSize: 1, patchSize: 16, optimiser: { kind: adam }, validateEverySteps: 3, checkpointEverySteps: 3 }
`;

describe.skipIf(browserPath === null)(
  "architectures, trainings and comparisons in the window (needs Chromium or Chrome)",
  () => {
    const ends: (() => Promise<unknown>)[] = [];
    let lab: Lab;
    let page: Page;
    let at: WindowPage;
    let complaints: readonly string[];

    beforeAll(async () => {
      const onEnd = (end: () => Promise<void>) => ends.push(end);
      lab = createLab({ home: await makeFolder(onEnd), log: () => undefined });
      ends.push(() => lab.close());
      const { server, browser } = await serveWindow(lab, browserPath, onEnd);
      ({ page, complaints } = await openPage(browser, server.url));
      at = toWindowPage(page, server.url);
    }, 10 * MINUTE_MS);

    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });

    const choose = async (label: string, option: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).click();
      await page.getByRole("option", { name: option }).click();
    };

    it("says what is wrong with a file that is no genotype, and imports one that is", async () => {
      await at.goTo("/architectures");
      await at.button("Import").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Genotype (JSON)").fill(genotypeToJson(TINY_GENOTYPE).replace('"s1"', '"node_7"'));
      await dialog.getByRole("button", { name: "Import" }).click();
      await dialog.getByText(/from must be a state before node_0/).waitFor();
      await dialog.getByLabel("Genotype (JSON)").fill(genotypeToJson(TINY_GENOTYPE));
      await dialog.getByLabel("Name").fill("Tiny");
      await dialog.getByRole("button", { name: "Import" }).click();
      await page.getByRole("heading", { level: 1, name: "Tiny" }).waitFor();
      await page.getByText(HASH).first().waitFor();
    });

    it("draws the whole network, which is moved, zoomed, and changed by a click on an edge before anything is saved", async () => {
      const panel = at.panel("Whole network");
      const frame = panel.getByRole("group", { name: /Tiny/ });
      const readView = async () => {
        const text = await frame.locator("svg > g").getAttribute("transform");
        const [x = NaN, y = NaN, scale = NaN] = text?.match(/-?[\d.]+/g)?.map(Number) ?? []; // no numbers before it is drawn
        return { x, y, scale };
      };
      const box = await frame.boundingBox();
      if (box === null) throw new Error("the network must be drawn");
      const [middle, low] = [box.x + box.width / 2, box.y + box.height - 8];
      const start = await readView();
      await page.mouse.move(middle, low);
      await page.mouse.down();
      await page.mouse.move(middle - 120, low - 30, { steps: 4 });
      await page.mouse.up();
      await expect.poll(readView).toEqual({ x: start.x - 120, y: start.y - 30, scale: start.scale });
      await page.mouse.wheel(0, -200);
      await expect.poll(async () => (await readView()).scale).toBeGreaterThan(start.scale);
      await panel.getByRole("button", { name: "Show all" }).click();

      await frame.locator("g.box.editable").first().click();
      const form = panel.getByRole("form", { name: /^Layer 0, node 0:/ });
      await form.getByRole("combobox").first().click();
      await page.getByRole("option", { name: "dil 5×5" }).click();
      await panel.getByText("Nothing is saved yet.").waitFor();
      await frame.locator("g.box.fresh").getByText("dil 2").waitFor();
      expect(await lab.listArchitectures()).toHaveLength(1);
      await panel.getByRole("button", { name: "Discard" }).click();
      await expect.poll(() => frame.locator("g.box.fresh").count()).toBe(0);
    });

    it("refuses an impossible edit while it is made, and keeps a possible one as a child", async () => {
      await choose("Reads", "s1");
      await page.getByText(/must differ from the node's other edge/).waitFor();
      expect(await at.button("Save as a child").isDisabled()).toBe(true);
      await choose("Reads", "s0");
      await choose("Primitive", "dil 5×5");
      await at.button("Save as a child").click();
      await page.getByRole("heading", { level: 1, name: "dil 5×5 of s0 into node 0, layer 0" }).waitFor();
      const [child] = await lab.listArchitectures();
      expect(child && asCells(child.genotype)?.cells[0]?.nodes[0]?.[0]).toEqual({
        from: "s0",
        primitive: "dil_conv_5x5",
      });
      await page.getByRole("region", { name: "Lineage" }).getByRole("link", { name: "Tiny" }).click();
      await page.getByRole("heading", { level: 1, name: "Tiny" }).waitFor();
    });

    it("saves the genotype and its drawing as files", async () => {
      const save = async (entry: string): Promise<Buffer> => {
        await at.button("More actions").click();
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("menuitem", { name: entry }).click(),
        ]);
        return readFile(await download.path());
      };
      const json: unknown = JSON.parse(String(await save("Save the genotype as JSON")));
      expect(parseGenotype(json, "saved")).toEqual(TINY_GENOTYPE);
      expect(String(await save("Save the drawing as SVG"))).toMatch(/^<svg .*conv_3x3.*<\/svg>\n$/s);
      expect((await save("Save the drawing as PNG")).subarray(1, 4).toString()).toBe("PNG");
    });

    it(
      "trains it: the command names it, curves come in, it finishes",
      async () => {
        await at.button("Train").click();
        await page.getByText(`hinas train ${HASH}`).waitFor();
        await page.getByRole("textbox", { name: "As YAML" }).fill(TINY_TRAINING);
        await page.getByText("--set network.filters=4").waitFor();
        await at.button("Start the training").click();
        const main = page.getByRole("main");
        await main
          .getByText("finished", { exact: true })
          .first()
          .waitFor({ timeout: 5 * MINUTE_MS });
        await page.getByRole("img", { name: /^Validation PSNR\. Values: validation \d/ }).waitFor();
      },
      6 * MINUTE_MS,
    );

    it(
      "measures it and shows the worst picture with its errors",
      async () => {
        await at.button("Evaluate").click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Sigma (0–255)").fill("300");
        await dialog.getByText(/Levels must be numbers from 0 to 255/).waitFor();
        await dialog.getByLabel("Sigma (0–255)").fill("15, 30");
        await dialog.getByLabel("Most photos").fill("2");
        await dialog.getByRole("button", { name: "Measure" }).click();
        const grid = page.getByRole("region", { name: /Evaluations of tiny/ });
        await expect.poll(() => grid.getByRole("link").count(), { timeout: 3 * MINUTE_MS }).toBe(2);
        await grid.getByRole("link").last().click();
        const evaluation = (await lab.listEvaluations({ runId: null })).find(
          ({ recipe }) => recipe.noise === "gaussian-30",
        );
        await page
          .getByText(evaluation?.recipe.name ?? "no recipe")
          .first()
          .waitFor();
        const { images } = await lab.showEvaluation(evaluation?.id ?? "");
        const worst = images.toSorted((a, b) => a.denoised.psnrDb - b.denoised.psnrDb)[0];
        await page.getByRole("heading", { level: 2, name: worst?.name ?? "none" }).waitFor();
        await page.getByRole("img", { name: "Error" }).waitFor();
        await page.getByText(/No published figures are known for sample/).waitFor();
      },
      5 * MINUTE_MS,
    );

    it(
      "compares two networks: figures against a baseline, and the PSNR of the patch that is seen",
      async () => {
        const [first] = await lab.listModels();
        const [child] = await lab.listArchitectures();
        const { settings } = await lab.resolveSettings({
          kind: "train",
          preset: null,
          yaml: TINY_TRAINING.replace("name: tiny", "name: other"),
          values: {},
          from: null,
        });
        const begun = await lab.startTraining(trainConfigSchema.parse(settings), child?.genotype ?? TINY_GENOTYPE);
        await lab.waitForRun(begun.id);
        const config = evaluationConfigSchema.parse({
          data: { dataset: "sample", maxPhotos: 2 },
          noise: { kind: "gaussian", sigma255: 30 },
          memoryBudgetMb: 1024,
        });
        await lab.startEvaluation({ model: begun.id, configs: [config] });
        await expect
          .poll(async () => (await lab.listEvaluations({ runId: begun.id })).length, { timeout: 2 * MINUTE_MS })
          .toBe(1);

        await at.goTo(`/compare?models=${first?.runId},${begun.id}`);
        const figures = page.getByRole("region", { name: /Figures of what is compared/ });
        // A 5x5 instead of a 3x3 kernel between 4 channels: as many parameters more as multiply-adds.
        await expect.poll(() => figures.getByText(`+${(25 - 9) * 4 * 4}`, { exact: true }).count()).toBe(2);
        const [mine] = await lab.listEvaluations({ runId: begun.id });
        const [image] = (await lab.showEvaluation(mine?.id ?? "")).images;
        // All of the picture is seen, so the patch is the picture.
        await page
          .locator("figcaption", { hasText: `${image?.denoised.psnrDb.toFixed(2)} dB` })
          .filter({ hasText: "other" })
          .waitFor();
      },
      6 * MINUTE_MS,
    );

    it("flips through the networks by number, and shows the noisy picture as long as a key is held", async () => {
      const captions = page.locator("figcaption");
      await page.keyboard.press("2");
      await expect.poll(() => captions.allTextContents()).toEqual([expect.stringMatching(/^\s*2\s+other/)]);
      await page.keyboard.down("n");
      await captions.getByText("Noisy").waitFor();
      await page.keyboard.up("n");
      await page.keyboard.press("2");
      await expect.poll(() => captions.count()).toBe(2);
    });

    it(
      "says on a training's page why it ended before its last step",
      async () => {
        const { settings } = await lab.resolveSettings({
          kind: "train",
          preset: null,
          yaml: TINY_TRAINING.replace("name: tiny", "name: early"),
          values: {
            "training.validateEverySteps": 1,
            "training.earlyStop.kind": "validation",
            "training.earlyStop.patienceValidations": 1,
            "training.earlyStop.minGainDb": 90,
          },
          from: null,
        });
        const { id } = await lab.startTraining(trainConfigSchema.parse(settings), TINY_GENOTYPE);
        expect(await lab.waitForRun(id)).toMatchObject({ state: "finished", step: 2 });
        await at.goTo(`/train/${id}`);
        await page.getByRole("note").getByText("stopped early at step 2: no gain of 90 dB in 1 validation").waitFor();
      },
      3 * MINUTE_MS,
    );

    it("had nothing to complain of all the while", () => {
      expect(complaints).toEqual([]);
    });
  },
);

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import type { Lab } from "#shared/api/lab.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

const PATIENCE = { timeout: 60_000 };

async function addSets(lab: Lab): Promise<void> {
  for (const name of ["mine", "other"]) {
    await lab.addDataset({ name, folder: await writePhotos(await makeFolder(), 6), noisyFolder: null });
  }
}

const WISH = { dataset: "mine", testDataset: "other", preset: "quick", seed: 3, name: null };

describe("a night's work", () => {
  it("is a study of one cell by the presets of one name, tested at one level on other photos", async () => {
    const { lab } = openLab(await makeFolder());
    await addSets(lab);
    const yaml = parse(await lab.previewTonight(WISH)) as Record<string, unknown>;
    expect(yaml).toMatchObject({
      name: "Tonight on mine",
      seeds: [3],
      ends: "evaluation",
      goesOn: true,
      base: {
        data: { dataset: "mine" },
        search: { epochs: 10 },
        training: { steps: 2000 },
        evaluation: { data: { dataset: "other" }, noise: { kind: "gaussian", sigma255: 30 }, baselines: true },
      },
    });
    const range = parse(await lab.previewTonight({ ...WISH, preset: "overnight" })) as typeof yaml;
    expect(range).toMatchObject({ base: { evaluation: { noise: { kind: "gaussian", sigma255: 25 } } } });
    await expect(lab.previewTonight({ ...WISH, preset: "quik" })).rejects.toThrow(/quick/);
  });

  it("searches, derives, trains and tests, and leaves a report of figures, tables and methods", async () => {
    const { lab } = openLab(await makeFolder());
    await addSets(lab);
    const { id, folder } = await lab.startTonight({ ...WISH, name: "Night <1>" });
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 1 } });
    const runs = await lab.listRuns();
    expect(runs.map(({ kind }) => kind).toSorted()).toEqual(["search", "train"]);
    const report = await readFile(join(folder, "report.html"), "utf8");
    expect(report).toContain("<h1>Night &lt;1&gt;</h1>");
    expect(report).toMatch(/<td>Noisy<\/td><td>\d+\.\d{3}<\/td>.*<td>The network<\/td><td>\d+\.\d{3}<\/td>/s);
    expect(report).toContain("6 photos of other, recipe whole-image/one-draw/clip/grey/gaussian-30/seed-0");
    expect(report.match(/<svg /g)?.length).toBeGreaterThan(0);
    expect(report).toMatch(
      /An architecture was searched in the space &quot;widths&quot; by gradient \(DARTS\).* 10 epochs/,
    );
    expect(report).toMatch(
      /trained from scratch on mine .* for 2000 steps, batches of 8 patches of 48 pixels, by adam/,
    );
    expect(report).toContain("mine, 6 photos, ");
    expect(await lab.showStudyReport(id)).toContain("<h2>Methods</h2>");
  });

  it("goes on by itself when the program starts again, unless somebody paused it", async () => {
    const home = await makeFolder();
    const first = openLab(home).lab;
    await addSets(first);
    const { id } = await first.startTonight({ ...WISH, name: "wait at 7" });
    await expect.poll(async () => (await first.listRuns())[0]?.step, PATIENCE).toBe(7);
    await first.close();
    const second = openLab(home).lab;
    await second.queueAgain();
    expect(await second.showStudy(id)).toMatchObject({ state: "running" });
    await second.pauseStudy(id);
    await second.waitForStudy(id);
    await second.queueAgain();
    expect(await second.showStudy(id)).toMatchObject({ state: "paused" });
    await second.resumeStudy({ id, retryFailed: false });
    await expect.poll(async () => (await second.listRuns()).length, PATIENCE).toBe(2);
    expect((await second.listRuns()).map(({ studyId }) => studyId)).toEqual([id, id]);
  });
});

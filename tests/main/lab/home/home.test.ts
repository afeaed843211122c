import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";

import { DEFAULT_MEMORY_BUDGET_MB, DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

describe("the overview", () => {
  it("names the next sensible step from the first start to the last", async () => {
    const { lab } = openLab(await makeFolder());
    const next = async () => (await lab.getOverview()).nextStep;
    expect(await next()).toEqual({ kind: "try_demo" });
    const dataset = await writePhotos(await makeFolder(), 4);
    await lab.addDataset({ name: "mine", folder: dataset, noisyFolder: null });
    expect(await next()).toEqual({ kind: "search" });

    const config = searchConfigSchema.parse({ name: "wait at 37", data: { dataset: "mine" }, space: { nodes: 2 } });
    const { id } = await lab.startSearch(config);
    expect(await next()).toEqual({ kind: "watch", run: { kind: "search", id } });
    expect((await lab.getOverview()).active.map((run) => run.id)).toEqual([id]);
    await expect.poll(async () => (await lab.showRun(id)).step, { timeout: 20_000 }).toBe(37);
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    expect(await next()).toEqual({ kind: "resume", run: { kind: "search", id } });

    const finished = await lab.startSearch({ ...config, name: "done" });
    await lab.waitForRun(finished.id);
    expect(await next()).toEqual({ kind: "derive", runId: finished.id });
    const { hash, genotype } = await lab.derive(finished.id, null);
    expect(await next()).toEqual({ kind: "train", hash, search: finished.id });

    const training = await lab.startTraining(trainConfigSchema.parse({ data: { dataset: "mine" } }), genotype);
    await lab.waitForRun(training.id);
    expect(await next()).toEqual({ kind: "evaluate", runId: training.id });
    await lab.evaluate(training.id, evaluationConfigSchema.parse({ data: { dataset: "mine" } }), null);
    expect(await next()).toEqual({ kind: "denoise", runId: training.id });
    expect(await lab.getOverview()).toMatchObject({
      active: [],
      counts: { datasets: 1, searches: 2, architectures: 1, models: 1, evaluations: 1 },
    });
  });

  it("tells how busy the computer is", async () => {
    const { lab } = openLab(await makeFolder());
    expect((await lab.getOverview()).load.cpuShare).toBeNull();
    const { load } = await lab.getOverview();
    expect(load.memoryUsedMb).toBeGreaterThan(10);
    expect(load.memoryUsedMb).toBeLessThanOrEqual(load.memoryTotalMb);
    expect(load.diskFreeMb).toBeGreaterThan(0);
    if (load.cpuShare !== null) {
      expect(load.cpuShare).toBeGreaterThanOrEqual(0);
      expect(load.cpuShare).toBeLessThanOrEqual(1);
    }
  });
});

describe("preferences", () => {
  it("have defaults, change one by one and are kept", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    expect(await lab.getPreferences()).toEqual({
      theme: "system",
      memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
      photoBudgetMb: DEFAULT_PHOTO_BUDGET_MB,
      denoisingEngine: "auto",
      denoisingDevice: "cpu",
      closing: "ask",
      language: "en",
      notify: false,
      engineDevice: "auto",
      runsAtOnce: 1,
    });
    expect(await lab.setPreferences({ theme: "dark" })).toMatchObject({
      theme: "dark",
      memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
      photoBudgetMb: DEFAULT_PHOTO_BUDGET_MB,
    });
    await lab.setPreferences({ memoryBudgetMb: 2048, theme: undefined });
    expect(await openLab(home).lab.getPreferences()).toMatchObject({ theme: "dark", memoryBudgetMb: 2048 });
  });

  it("pass over what makes no sense any more", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    await lab.setPreferences({ closing: "pause" });
    const db = new Sqlite(join(home, "lab.sqlite"));
    db.exec(`INSERT INTO preferences VALUES ('theme', '"sepia"'), ('old', '1')`);
    db.close();
    expect(await lab.getPreferences()).toEqual({
      theme: "system",
      memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
      photoBudgetMb: DEFAULT_PHOTO_BUDGET_MB,
      denoisingEngine: "auto",
      denoisingDevice: "cpu",
      closing: "pause",
      language: "en",
      notify: false,
      engineDevice: "auto",
      runsAtOnce: 1,
    });
  });
});

describe("storage", () => {
  it("measures what each folder takes, and frees the trash", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    const { id } = await lab.startTraining(
      trainConfigSchema.parse({ data: { dataset: await writePhotos(await makeFolder(), 3) } }),
      TINY_GENOTYPE,
    );
    await lab.waitForRun(id);
    await mkdir(join(home, "runs", "extra"));
    await writeFile(join(home, "runs", "extra", "large"), Buffer.alloc(100_000));
    const bytesOf = async (what: string) =>
      (await lab.measureStorage()).places.find(({ holds }) => holds === what)?.bytes ?? 0;
    expect(await bytesOf("runs")).toBeGreaterThan(100_000);
    expect(await bytesOf("runs")).toBeLessThan(200_000);
    expect(await bytesOf("database")).toBeGreaterThan(1000);
    expect(await bytesOf("trash")).toBe(0);
    await lab.saveNoiseProfile({ name: "dusk", noise: { kind: "gaussian", sigma255: 5 } });
    expect(await bytesOf("noise profiles")).toBeGreaterThan(10);
    await lab.removeRun(id);
    const freed = await bytesOf("trash");
    expect(freed).toBeGreaterThan(1000);
    expect(await lab.emptyTrash()).toBe(freed);
    expect(await bytesOf("trash")).toBe(0);
  });
});

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

import { prepare, search, whenStep } from "./scriptedRuns.ts";

describe("a training", () => {
  it("knows its TINY_GENOTYPE, and gets both halves of the split for training", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const config = trainConfigSchema.parse({ data: { dataset: photos }, training: { steps: 40 } });
    const started = await lab.startTraining(config, TINY_GENOTYPE);
    expect(started).toMatchObject({ kind: "train", totalSteps: 40, genotypeHash: genotypeHash(TINY_GENOTYPE) });
    expect((await lab.waitForRun(started.id)).state).toBe("finished");
    const log = (await lab.readRunEvents(started.id)).find((event) => event.type === "log");
    const sent = JSON.parse(log?.type === "log" ? log.message : "{}") as Record<string, string[]>;
    expect(sent["training"]).toHaveLength(5);
    expect(sent["validation"]).toHaveLength(1);
  });
});

describe("data that cannot be used", () => {
  it.each([
    ["a name that nobody knows", "kitens", "not_found", /no data set or folder is named kitens/],
    ["a name near the built-in set's", "smaple", "not_found", /did you mean sample\?/],
  ])("refuses %s before any run is made", async (_title, dataset, kind, message) => {
    const { lab } = openLab(await makeFolder());
    await expect(lab.startSearch(search(dataset))).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message) as string,
    });
    expect(await lab.listRuns()).toEqual([]);
  });

  it("refuses too few photos, and noise of pairs without pairs", async () => {
    const { lab } = openLab(await makeFolder());
    const two = await writePhotos(await makeFolder(), 2);
    await expect(lab.startSearch(search(two))).rejects.toThrow("at least 3 usable photos, got 2");
    const three = await writePhotos(await makeFolder(), 3);
    const paired = searchConfigSchema.parse({ data: { dataset: three }, noise: { kind: "paired" } });
    await expect(lab.startSearch(paired)).rejects.toThrow('noise "paired" needs pairs');
    expect(await lab.listRuns()).toEqual([]);
  });
});

describe("finding and removing runs", () => {
  it("finds a run by the beginning of its id, in any case, with or without the folder's prefix", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    for (const name of [id, id.slice(0, 8), id.toLowerCase(), `run-${id}`])
      expect((await lab.showRun(name)).id).toBe(id);
    await expect(lab.showRun("ZZZ")).rejects.toMatchObject({ kind: "not_found" });
    await expect(lab.showRun("")).rejects.toMatchObject({ kind: "not_found" });
    const second = await lab.startSearch(search(photos));
    await lab.waitForRun(second.id);
    await expect(lab.showRun(id.slice(0, 2))).rejects.toThrow(/must be one run, got/);
  });

  it("finds a run by its name, in any case, where it is the only one of that name", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "First light"));
    await lab.waitForRun(id);
    expect((await lab.showRun("first light")).id).toBe(id);
    const second = await lab.startSearch(search(photos, "First light"));
    await lab.waitForRun(second.id);
    await expect(lab.showRun("First light")).rejects.toThrow(/must be one run, got/);
  });

  it("moves a run to the trash, but not while it is at work", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos, "wait at 7"));
    await expect(lab.removeRun(id)).rejects.toMatchObject({ kind: "busy" });
    await whenStep(lab, id, 7);
    await lab.controlRun(id, "stop");
    await lab.waitForRun(id);
    await lab.removeRun(id);
    expect(await lab.listRuns()).toEqual([]);
    expect(await readdir(join(home, "runs"))).toEqual([]);
    expect(await readdir(join(home, "trash"))).toEqual([expect.stringContaining(`run-${id}`)]);
  });

  it("finds all runs again after the database was lost", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startSearch(search(photos));
    await lab.waitForRun(id);
    const { hash } = await lab.derive(id, null);
    const before = await lab.listRuns();
    await lab.close();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(home, `lab.sqlite${suffix}`), { force: true });
    const { lab: again } = openLab(home);
    // The run is found at once; what was derived of it takes a rebuild.
    expect((await again.listRuns()).map((run) => run.id)).toEqual([id]);
    expect(await again.rebuildStore()).toEqual({ runs: 1, problems: [] });
    expect(await again.listRuns()).toEqual(before.map((run) => ({ ...run, genotypeHash: hash })));
  });

  it("keeps every run that two processes make at once", async () => {
    const { home, photos } = await prepare();
    const script = `
      import { createLab } from "#main/lab/lab.ts";
      const [home, config, computeEntry] = process.argv.slice(1);
      const lab = createLab({ home, log: console.error, computeEntry });
      for (let i = 0; i < 3; i += 1) {
        const run = await lab.startSearch(JSON.parse(config));
        const { state } = await lab.waitForRun(run.id);
        if (state !== "finished") throw new Error(state);
      }
      await lab.close();`;
    const config = JSON.stringify(search(photos));
    const both = [1, 2].map(() => startScript(script, home, config, SCRIPTED_WORKER).ended);
    for (const ended of both) expect(await ended).toEqual({ code: 0, output: "" });
    const runs = await openLab(home).lab.listRuns();
    expect(runs.map(({ state, step }) => ({ state, step }))).toEqual(Array(6).fill({ state: "finished", step: 40 }));
  });
});

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { openStore } from "#main/store/openStore.ts";
import { rebuildStore } from "#main/store/rebuildStore.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { StudyDetail } from "#shared/api/studies.ts";

import { makeFolder, openLab, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

/** The scripted worker goes wrong by the name of a run, which has that of its study and its arm. */
function studyOf(photos: string, name: string, more = ""): Parameters<Lab["startStudy"]>[0] {
  const yaml = `
name: ${name}
seeds: 2
base:
  data: { dataset: ${photos}, validationShare: 0.34 }
  space: { layers: 2, nodes: 2 }
  evaluation: { data: { dataset: ${photos} } }
axes:
  budget:
    short: { search: { epochs: 1, warmupEpochs: 0 } }
    long: { search: { epochs: 2, warmupEpochs: 0 } }
${more}`;
  return { yaml, place: "study.yaml", withControl: false };
}

async function prepare(): Promise<{ home: string; photos: string }> {
  return { home: await makeFolder(), photos: await writePhotos(await makeFolder(), 6) };
}

const statesOf = ({ cells }: StudyDetail): string[] => cells.map(({ state }) => state);

describe("a study", () => {
  it("searches, trains and tests every cell by ordinary runs that know their study", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startStudy(studyOf(photos, "whole", "ends: evaluation"));
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 4 } });
    const study = await lab.showStudy("whole");
    expect(statesOf(study)).toEqual(["finished", "finished", "finished", "finished"]);
    for (const { test, genotypeHash } of study.cells) {
      expect(test?.psnrDb).toBeGreaterThan(10);
      expect(genotypeHash).toMatch(/^[0-9a-f]{8}$/);
    }
    const runs = await lab.listRuns();
    expect(runs.map(({ kind, studyId }) => [kind, studyId]).filter(([kind]) => kind === "search")).toHaveLength(4);
    expect(runs.every(({ studyId }) => studyId === id)).toBe(true);
    expect(runs).toHaveLength(8);
  });

  it("trains a random architecture of the same cost beside each one found, also when asked for later", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startStudy(studyOf(photos, "controlled", "ends: training"));
    await lab.waitForStudy(id);
    await lab.addStudyControl(id);
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 8 } });
    const { cells } = await lab.showStudy(id);
    const control = cells.find(({ controlOf }) => controlOf === "short / seed 0");
    const found = cells.find(({ key }) => key === "short / seed 0");
    expect(control?.searchId).toBeNull();
    expect(control?.genotypeHash).not.toBe(found?.genotypeHash);
    expect(await lab.listRuns()).toHaveLength(12);
    await expect(lab.addStudyControl(id)).rejects.toThrow("has random controls of all its arms already");
  });

  it("goes on when a child fails and says which and why", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const failing = `    "diverge at 7": {}`;
    const { id } = await lab.startStudy(studyOf(photos, "partly", failing));
    await lab.waitForStudy(id);
    const study = await lab.showStudy(id);
    expect(study.state).toBe("finished");
    expect(statesOf(study)).toEqual(["finished", "finished", "finished", "finished", "failed", "failed"]);
    expect(study.cells[5]?.reason).toContain("diverged at step 7");
    await expect(lab.resumeStudy({ id, retryFailed: false })).rejects.toThrow(
      "nothing left to do; `hinas studies resume --retry-failed` tries the 2 that failed again",
    );
  });

  it("pauses with a checkpoint and goes on from it, also when another lab orders and resumes", async () => {
    const { home, photos } = await prepare();
    const first = openLab(home).lab;
    const second = openLab(home).lab;
    const { id } = await first.startStudy(studyOf(photos, "wait at 7"));
    await expect.poll(async () => (await first.listRuns())[0]?.step, { timeout: 20_000 }).toBe(7);
    await expect(second.resumeStudy({ id, retryFailed: false })).rejects.toThrow("is at it");
    await second.pauseStudy(id);
    expect(await first.waitForStudy(id)).toMatchObject({ state: "paused", counts: { waiting: 4 } });
    const [run] = await first.listRuns();
    expect(run?.state).toBe("stopped");
    await second.resumeStudy({ id, retryFailed: false });
    await expect.poll(async () => (await second.showRun(run?.id ?? "")).state, { timeout: 20_000 }).toBe("finished");
    await second.pauseStudy(id);
    await second.waitForStudy(id);
    // A cell names its run before it begins it, so a pause between the two leaves a name without a run.
    const named = (await second.showStudy(id)).cells.flatMap(({ searchId }) => searchId ?? []);
    const begun = (await second.listRuns()).map((summary) => summary.id);
    expect(new Set(named).size).toBe(named.length);
    expect(named).toEqual(expect.arrayContaining(begun));
    expect(begun).toContain(run?.id);
  });

  it.each([2, 7, 12])(
    "is interrupted by a kill at its change %i, and loses nothing: one child a cell",
    async (change) => {
      const { home, photos } = await prepare();
      const script = `
      import { createLab } from "#main/lab/lab.ts";
      const [home, text, change, computeEntry] = process.argv.slice(1);
      const lab = createLab({ home, log: console.error, computeEntry });
      let told = 0;
      lab.watch(({ kind, topic }) => {
        if (kind === "stale" && topic === "studies" && ++told === Number(change)) process.kill(process.pid, "SIGKILL");
      });
      await lab.startStudy(JSON.parse(text));`;
      await startScript(script, home, JSON.stringify(studyOf(photos, "killed")), String(change), SCRIPTED_WORKER).ended;
      const { lab } = openLab(home);
      const [study] = await lab.listStudies();
      expect(study?.state).toBe("interrupted");
      const id = study?.id ?? "";
      const before = (await lab.listRuns()).map((run) => run.id);
      await lab.resumeStudy({ id, retryFailed: false });
      expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 4 } });
      const after = (await lab.listRuns()).map((run) => run.id);
      expect(after).toHaveLength(4);
      expect(after).toEqual(expect.arrayContaining(before));
    },
  );

  it("is paused by a lab that closes, and taken up by the next", async () => {
    const { home, photos } = await prepare();
    const first = openLab(home).lab;
    const { id } = await first.startStudy(studyOf(photos, "closed"));
    await expect.poll(async () => (await first.listRuns()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    await first.close();
    const { lab } = openLab(home);
    expect(await lab.showStudy(id)).toMatchObject({ state: "paused", reason: "the lab was closed" });
    await lab.resumeStudy({ id, retryFailed: false });
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 4 } });
    expect(await lab.listRuns()).toHaveLength(4);
  });

  it("runs beside another one", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const one = await lab.startStudy(studyOf(photos, "one"));
    const two = await lab.startStudy(studyOf(photos, "two"));
    for (const { id } of [one, two]) {
      expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 4 } });
    }
    const runs = await lab.listRuns();
    expect(runs.filter(({ studyId }) => studyId === one.id)).toHaveLength(4);
    expect(runs.filter(({ studyId }) => studyId === two.id)).toHaveLength(4);
  });

  it("is removed without its runs, and is found again where only its folder is left", async () => {
    const { home, photos } = await prepare();
    const { lab } = openLab(home);
    const { id } = await lab.startStudy(studyOf(photos, "kept"));
    await lab.waitForStudy(id);
    await lab.close();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(home, `lab.sqlite${suffix}`), { force: true });
    await rebuildStore(home);
    const store = openStore(home);
    expect(store.studies.list()).toMatchObject([{ id, name: "kept" }]);
    store.close();
    const again = openLab(home).lab;
    await again.removeStudy(id);
    expect(await again.listStudies()).toEqual([]);
    expect(await again.listRuns()).toHaveLength(4);
    expect(await readdir(join(home, "studies"))).toEqual([]);
  });

  it("is refused before anything is made where its data set is not there", async () => {
    const { home } = await prepare();
    const { lab } = openLab(home);
    await expect(lab.startStudy(studyOf("nowhere", "lost"))).rejects.toThrow("nowhere");
    expect(await lab.listStudies()).toEqual([]);
  });
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import type { StudyPlace } from "#shared/studies/studyPlace.ts";

import { type FakeSite, makeFakeSite } from "#tests/helpers/fakeSite.ts";
import { openLab } from "#tests/helpers/labHome.ts";
import { prepare } from "../runs/scriptedRuns.ts";

const run = promisify(execFile);
/** Each job is a process of its own, on a computer that may have other work. */
const PATIENCE_MS = 200_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

async function openAtSite(): Promise<{ site: FakeSite; home: string; lab: Lab; photos: string }> {
  const site = await makeFakeSite();
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  await lab.putSite({ name: "cluster", yaml: site.yaml });
  return { site, home, lab, photos };
}

/** The scripted worker goes wrong by the name of a run, which has that of its study. */
function studyOf(photos: string, name: string, seeds: number, places: readonly StudyPlace[]) {
  const yaml = `
name: ${name}
seeds: ${seeds}
base:
  data: { dataset: ${photos}, validationShare: 0.34 }
  space: { layers: 2, nodes: 2 }
  search: { epochs: 1, warmupEpochs: 0 }
`;
  return { yaml, place: "study.yaml", withControl: false, places };
}

/** Asks the sites more often than they like, as long as the test lasts. */
function keepLooking(lab: Lab): void {
  let isLooking = true;
  const look = async (): Promise<void> => {
    while (isLooking) {
      await lab.fetchRuns();
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  };
  const looking = look();
  onTestFinished(async () => {
    isLooking = false;
    await looking;
  });
}

const CLUSTER: StudyPlace = { site: "cluster", jobs: 2 };

describe("a study at sites", () => {
  it("has as many jobs at once as it may, works here meanwhile, and tells what it has found so far", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("hold");
    const { id } = await lab.startStudy(studyOf(photos, "spread", 4, [CLUSTER, { site: null, jobs: 1 }]));
    keepLooking(lab);
    await expect.poll(async () => (await lab.showStudy(id)).counts.finished, { timeout: PATIENCE_MS }).toBe(2);
    await expect.poll(() => site.listJobs(), { timeout: PATIENCE_MS }).toEqual(["100", "101"]);
    expect((await lab.showStudyResults(id)).arms).toMatchObject([{ seeds: 2, cells: 4, psnrDb: { mean: 25 } }]);
    await site.takeBack("hold");
    await Promise.all(["100", "101"].map((job) => run("runjob", [job])));
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 4 } });
    const results = await lab.showStudyResults(id);
    expect(results.arms).toMatchObject([{ seeds: 4 }]);
    expect(results.nodeHours.map((cost) => cost.site).toSorted()).toEqual([null, "cluster"].toSorted());
    expect(await site.listCalls(/^sbatch/)).toHaveLength(2);
  });

  it("leaves its jobs to their site when the lab closes, and finds them again", async () => {
    const { site, home, lab, photos } = await openAtSite();
    await site.wish("hold");
    const { id } = await lab.startStudy(studyOf(photos, "left", 3, [CLUSTER]));
    await expect.poll(() => site.listJobs(), { timeout: PATIENCE_MS }).toEqual(["100", "101"]);
    await lab.close();
    await site.takeBack("hold");
    await Promise.all(["100", "101"].map((job) => run("runjob", [job])));
    const again = openLab(home).lab;
    expect(await again.showStudy(id)).toMatchObject({ state: "paused", reason: "the lab was closed" });
    await again.resumeStudy({ id, retryFailed: false });
    keepLooking(again);
    expect(await again.waitForStudy(id)).toMatchObject({
      state: "finished",
      counts: { finished: 3 },
      places: [CLUSTER],
    });
    expect(await site.listCalls(/^sbatch/)).toHaveLength(3);
    expect(await again.listRuns()).toHaveLength(3);
  });

  it("takes a run up again whose node was lost", async () => {
    const { site, lab, photos } = await openAtSite();
    const { id } = await lab.startStudy(studyOf(photos, "wait at 27", 1, [CLUSTER]));
    keepLooking(lab);
    await expect.poll(async () => (await lab.listRuns())[0]?.step, { timeout: PATIENCE_MS }).toBe(27);
    await site.writeJob("100", "ends-as", "NODE_FAIL");
    process.kill(-Number(await site.readJob("100", "pid")), "SIGKILL");
    await expect.poll(() => site.listJobs(), { timeout: PATIENCE_MS }).toEqual(["100", "101"]);
    const [found] = await lab.listRuns();
    await expect
      .poll(async () => (await lab.readRunEvents(found?.id ?? "")).filter(({ type }) => type === "resumed").length, {
        timeout: PATIENCE_MS,
      })
      .toBe(1);
    await expect.poll(async () => (await lab.listRuns())[0]?.step, { timeout: PATIENCE_MS }).toBe(27);
    process.kill(Number(await site.readJob("101", "pid")), "SIGUSR1");
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { finished: 1 } });
  });

  it("does not try again what a site refuses, and refuses a site that there is not", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("refuse", "sbatch: error: Batch job submission failed: Invalid partition name specified\n");
    const { id } = await lab.startStudy(studyOf(photos, "refused", 1, [CLUSTER]));
    keepLooking(lab);
    expect(await lab.waitForStudy(id)).toMatchObject({ state: "finished", counts: { failed: 1 } });
    expect((await lab.showStudy(id)).cells[0]?.reason).toContain("Slurm does not know the profile's partition");
    expect(await site.listCalls(/^sbatch/)).toHaveLength(1);
    const nowhere = studyOf(photos, "nowhere", 1, [{ site: "clustr", jobs: 1 }]);
    await expect(lab.startStudy(nowhere)).rejects.toThrow("did you mean cluster?");
  });
});

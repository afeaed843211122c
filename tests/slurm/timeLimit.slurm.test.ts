import { afterAll, describe, expect, it, vi } from "vitest";

import { isOver } from "#tests/helpers/siteRuns.ts";
import { search, stepsOf, unbroken } from "#tests/main/lab/runs/scriptedRuns.ts";
import { profileOf, startCluster } from "./cluster.ts";
import { countRequeues, jobOf, openAtCluster, startWaiting, watchUntil } from "./followAtCluster.ts";

const { cluster, skipped } = await startCluster();
const PATIENCE_MS = 200_000;
vi.setConfig({ testTimeout: 600_000 });
afterAll(() => cluster.stop());

/** A job's end comes when the test says, however long its start took; Slurm looks every half minute. */
async function endIn(job: string, seconds: number): Promise<void> {
  await cluster.run("scontrol", "update", `JobId=${job}`, `EndTime=now+${seconds}`);
}

describe.skipIf(skipped !== "")(`a job whose time is over at a real Slurm${skipped}`, () => {
  it("made room at the signal before, and queued again", async () => {
    const { lab, photos } = await openAtCluster(cluster);
    const run = await startWaiting(lab, photos);
    await endIn(jobOf(run), 100);
    await expect.poll(() => countRequeues(cluster, run.id), { timeout: PATIENCE_MS }).toEqual([1]);
    await cluster.run("scontrol", "update", `JobId=${jobOf(run)}`, "TimeLimit=10");
    expect(await watchUntil(lab, run.id, isOver)).toMatchObject({ state: "finished", step: 40 });
    expect(stepsOf(await lab.readRunEvents(run.id))).toEqual(unbroken);
    expect(await countRequeues(cluster, run.id)).toEqual([1]);
  });

  it("made room by the clock where no signal comes, and queued again", async () => {
    const { lab, photos } = await openAtCluster(cluster);
    // Of ten minutes the last two are left for the checkpoint; each time there is more before them.
    const clock = "export SLURM_JOB_END_TIME=$(($(date +%s) + 120 + 20 * (1 + ${SLURM_RESTART_COUNT:-0})))";
    await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "scripted", "", ["trap '' USR1", clock]) });
    const { id } = await lab.startSearchAt("cluster", search(photos, "wait at 27"));
    expect(await watchUntil(lab, id, isOver)).toMatchObject({ state: "finished", step: 40 });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
    const [requeues = 0, ...more] = await countRequeues(cluster, id);
    expect(requeues).toBeGreaterThan(0);
    expect(more).toEqual([]);
  });

  it("is stopped where it heard of neither, and goes on here", async () => {
    const { lab, photos } = await openAtCluster(cluster);
    const deaf = ["trap '' USR1", "export SLURM_JOB_END_TIME=4000000000"];
    await lab.putSite({ name: "cluster", yaml: profileOf(cluster, "scripted", "", deaf) });
    const run = await startWaiting(lab, photos);
    await endIn(jobOf(run), 1);
    const stopped = await watchUntil(lab, run.id, isOver);
    expect(stopped.state).toBe("stopped");
    expect(stopped.reason).toContain("the job's time was over");
    await lab.resumeRun(run.id);
    // Without the checkpoint of its last moment it waits at its step 27 again, until an order comes.
    const order = async (): Promise<string> => {
      for (const want of ["pause", "run"] as const) await lab.controlRun(run.id, want).catch(() => undefined);
      return (await lab.showRun(run.id)).state;
    };
    await expect.poll(order, { timeout: PATIENCE_MS, interval: 500 }).toBe("finished");
    expect(stepsOf(await lab.readRunEvents(run.id))).toEqual(unbroken);
  });
});

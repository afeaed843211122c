import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { type FakeSite, makeFakeSite } from "#tests/helpers/fakeSite.ts";
import { openLab } from "#tests/helpers/labHome.ts";
import { isOver, lookUntil } from "#tests/helpers/siteRuns.ts";
import { prepare, search, stepsOf, unbroken } from "../runs/scriptedRuns.ts";

interface Setting {
  readonly site: FakeSite;
  readonly lab: Lab;
  readonly photos: string;
}

async function openAtSite(kind: "slurm" | "ssh" = "slurm"): Promise<Setting> {
  const site = await makeFakeSite(kind);
  const { home, photos } = await prepare();
  const { lab } = openLab(home);
  await lab.putSite({ name: "cluster", yaml: site.yaml });
  return { site, lab, photos };
}

/** Starts a search at the site that waits at its seventh step, and returns once it is there. */
async function startWaiting({ lab, photos }: Setting): Promise<RunSummary> {
  const { id } = await lab.startSearchAt("cluster", search(photos, "wait at 27"));
  await expect
    .poll(
      async () => {
        await lab.fetchRuns();
        return stepsOf(await lab.readRunEvents(id)).at(-1);
      },
      { timeout: 90_000 },
    )
    .toBe(27);
  return lab.showRun(id);
}

describe("a run at a cluster", () => {
  it("comes home finished, with its events, pictures and checkpoints", async () => {
    const { site, lab, photos } = await openAtSite();
    const started = await lab.startSearchAt("cluster", search(photos));
    expect(started).toMatchObject({ state: "queued", place: { site: "cluster", jobId: null, isOver: false } });
    const run = await lookUntil(lab, started.id, isOver);
    expect(run).toMatchObject({ state: "finished", step: 40, best: { step: 20 }, place: { jobId: "100" } });
    expect(stepsOf(await lab.readRunEvents(run.id))).toEqual(unbroken);
    for (const file of ["checkpoints/best.safetensors", "images/sample-0000040.png", "result.json", "job.sh"]) {
      expect(existsSync(join(run.folder, file))).toBe(true);
    }
    expect(await lab.derive(run.id, null)).toMatchObject({ epoch: 2 });
    // A second run finds the photos there.
    await lookUntil(lab, (await lab.startSearchAt("cluster", search(photos))).id, isOver);
    expect(await site.listCalls(/files-from/)).toHaveLength(1);
  });

  it("is submitted once though the line is lost while it is", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("cut", "sbatch");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    await lab.fetchRuns();
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "finished", place: { jobId: "100" } });
    expect(await site.listJobs()).toEqual(["100"]);
    expect(await site.listCalls(/^sbatch/)).toHaveLength(1);
  });

  it("waits with the queue's reason, and is cancelled there", async () => {
    const setting = await openAtSite();
    const { site, lab, photos } = setting;
    await site.wish("hold");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    const waiting = await lookUntil(
      lab,
      id,
      ({ place }) => place?.jobId === "100" && place.detail === "other jobs come first (Priority)",
    );
    expect(waiting).toMatchObject({ state: "queued", reason: "other jobs come first (Priority)" });
    await expect(lab.resumeRun(id)).rejects.toMatchObject({
      kind: "busy",
      message: expect.stringContaining("job 100"),
    });
    await expect(lab.removeRun(id)).rejects.toMatchObject({ kind: "busy" });
    await expect(lab.removeSite("cluster")).rejects.toMatchObject({ kind: "busy" });
    await expect(lab.controlRun(id, "pause")).rejects.toMatchObject({ kind: "bad_config" });
    await lab.controlRun(id, "stop");
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "stopped" });
  });

  it("stops with a checkpoint and goes on there", async () => {
    const setting = await openAtSite();
    const { lab } = setting;
    const { id } = await startWaiting(setting);
    await lab.controlRun(id, "stop");
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "stopped", step: 27 });
    await lab.resumeRunAt("cluster", id);
    expect(await lookUntil(lab, id, ({ state }) => state === "finished")).toMatchObject({ place: { jobId: "101" } });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
  });

  it("makes room for others, queues again and loses no event", async () => {
    const setting = await openAtSite();
    const { site, lab } = setting;
    const { id } = await startWaiting(setting);
    process.kill(Number(await site.readJob("100", "pid")), "SIGUSR1");
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "finished", place: { jobId: "100" } });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
    expect(await site.listJobs()).toEqual(["100"]);
  });

  it("is stopped where its time was over, with its last checkpoint", async () => {
    const setting = await openAtSite();
    const { site, lab } = setting;
    const { id } = await startWaiting(setting);
    await site.writeJob("100", "ends-as", "TIMEOUT");
    process.kill(-Number(await site.readJob("100", "pid")), "SIGKILL");
    const run = await lookUntil(lab, id, isOver);
    expect(run).toMatchObject({ state: "stopped", reason: expect.stringContaining("the job's time was over") });
    expect(existsSync(join(run.folder, "checkpoints/last.safetensors"))).toBe(true);
  });

  it("is known by its own files where accounting is off and the queue forgets", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("accounting-off");
    await site.wish("forgetful");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "finished" });
  });

  it("is interrupted where nobody knows it any more, and not before it was asked for three times", async () => {
    const setting = await openAtSite();
    const { site, lab } = setting;
    await site.wish("accounting-off");
    await site.wish("forgetful");
    const { id } = await startWaiting(setting);
    process.kill(-Number(await site.readJob("100", "pid")), "SIGKILL");
    await expect.poll(() => site.readJob("100", "state")).toBe("FAILED");
    await lab.fetchRuns();
    await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({ state: "running" });
    await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({ state: "interrupted" });
  });

  it("stays as it is while the site cannot be reached or its queue does not answer", async () => {
    const setting = await openAtSite();
    const { site, lab } = setting;
    const { id } = await startWaiting(setting);
    await site.wish("line-down");
    await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({
      state: "running",
      place: { detail: expect.stringContaining("cannot be reached") },
    });
    await site.takeBack("line-down");
    await site.wish("queue-down");
    await site.wish("accounting-off");
    for (let i = 0; i < 4; i += 1) await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({
      state: "running",
      place: { detail: "the site's queue does not answer now" },
    });
  });

  it("is fetched again where the line was cut or a file came damaged", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("hold");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    await lookUntil(lab, id, ({ place }) => place?.jobId === "100");
    await site.writeJob("100", "state", "RUNNING");
    await site.takeBack("hold");
    await site.wish("damage", "checkpoints/best.safetensors");
    const { execFile } = await import("node:child_process");
    await new Promise((resolve) => execFile("runjob", ["100"], resolve));
    await site.wish("cut-copy");
    await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({
      place: { isOver: false, detail: expect.stringContaining("code 12") },
    });
    await lab.fetchRuns();
    expect(await lab.showRun(id)).toMatchObject({ state: "finished", place: { isOver: true } });
  });

  it("fails with the queue's words where it is refused", async () => {
    const { site, lab, photos } = await openAtSite();
    await site.wish("refuse", "sbatch: error: Batch job submission failed: Invalid partition name specified\n");
    const { id } = await lab.startSearchAt("cluster", search(photos));
    const run = await lookUntil(lab, id, isOver);
    expect(run).toMatchObject({ state: "failed", errorKind: "site" });
    expect(run.reason).toContain("Slurm does not know the profile's partition");
    await site.takeBack("refuse");
    await lab.resumeRunAt("cluster", id);
    await lookUntil(lab, id, ({ state }) => state === "finished");
  });
});

describe("a run on another computer without a queue", () => {
  it("goes on without a connection and comes home finished", async () => {
    const setting = await openAtSite("ssh");
    const { lab, photos } = setting;
    const { id } = await lab.startSearchAt("cluster", search(photos));
    expect(await lookUntil(lab, id, isOver)).toMatchObject({ state: "finished" });
    expect(stepsOf(await lab.readRunEvents(id))).toEqual(unbroken);
  });

  it("stops with a checkpoint", async () => {
    const setting = await openAtSite("ssh");
    const { id } = await startWaiting(setting);
    await setting.lab.controlRun(id, "stop");
    expect(await lookUntil(setting.lab, id, isOver)).toMatchObject({ state: "stopped", step: 27 });
  });
});

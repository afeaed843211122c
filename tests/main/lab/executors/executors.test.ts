import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ulid } from "ulid";
import { describe, expect, it, onTestFinished } from "vitest";

import { getOwnIdentity } from "#main/files/processIdentity.ts";
import { findPhotos } from "#main/lab/datasets/datasetSource.ts";
import {
  type Executor,
  giveTo,
  type Job,
  type JobReport,
  nameJob,
  type StagedRun,
} from "#main/lab/executors/executor.ts";
import { createLocalExecutor } from "#main/lab/executors/localExecutor.ts";
import { createRunNews } from "#main/lab/runs/jobContext.ts";
import { planRun } from "#main/lab/runs/newRun.ts";
import { decideEnd } from "#main/lab/sites/runEnd.ts";
import { openSiteExecutor } from "#main/lab/sites/siteExecutor.ts";
import { parseSiteProfile } from "#main/lab/sites/siteFiles.ts";
import { createComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import { createWorkFolder } from "#main/lab/tasks/workFolder.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { createRunFolder, getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";

import { type FakeSite, makeFakeSite } from "#tests/helpers/fakeSite.ts";
import { SCRIPTED_WORKER } from "#tests/helpers/labHome.ts";
import { prepare, search, unbroken } from "../runs/scriptedRuns.ts";

const CARRIERS = ["local", "ssh", "slurm"] as const;

interface Setting {
  readonly executor: Executor;
  readonly site: FakeSite | null;
  /** Makes the folder of a run that nobody began, with what the executor gets of it. */
  makeRun(name?: string): Promise<{ readonly job: Job; readonly run: StagedRun }>;
}

async function open(carrier: (typeof CARRIERS)[number]): Promise<Setting> {
  const { home, photos } = await prepare();
  const runs = join(home, "runs");
  const work = createWorkFolder();
  onTestFinished(() => work.close());
  const found = await findPhotos({ name: photos, folder: photos, noisyFolder: null });
  const site = carrier === "local" ? null : await makeFakeSite(carrier);
  const makeRun: Setting["makeRun"] = async (name = "") => {
    const identity = { schema: "hinas.run", version: 1, id: ulid(), createdAt: new Date().toISOString() } as const;
    const config = search(photos, name);
    const { dataset } = found;
    const manifest: RunManifest = { ...identity, name: "a run", dataset, study: null, kind: "search", config };
    const owner = site === null ? getOwnIdentity() : null;
    const status: RunStatus = { ...NOT_BEGUN, owner, heartbeatAt: new Date().toISOString() };
    const paths = await createRunFolder(runs, manifest, status);
    const rest = { from: "the_start", mayChangeEngine: false, ...planRun(manifest, null, found)(paths) } as const;
    const plan = site === null ? { paths, manifest, status, ...rest } : null;
    return { job: { runId: manifest.id, attempt: 1 }, run: { folder: paths.folder, dataset, plan } };
  };
  if (site !== null) {
    return { executor: openSiteExecutor("cluster", parseSiteProfile(site.yaml, "cluster"), work), site, makeRun };
  }
  const log = (): void => undefined;
  const here = createLocalExecutor({
    paths: { runs },
    log,
    work,
    runNews: createRunNews(),
    runCompute: createComputeQueue({ log, entry: SCRIPTED_WORKER }),
    getStore: () => ({
      runs: { put: () => undefined },
      candidates: { replaceFrom: () => undefined },
      inTransaction: (act) => act(),
    }),
  });
  onTestFinished(async () => {
    await here.stopAll("the test is over");
    await here.close();
  });
  return { executor: here, site, makeRun };
}

const NOT_BEGUN: Omit<RunStatus, "owner" | "heartbeatAt"> = {
  schema: "hinas.status",
  version: 1,
  state: "queued",
  reason: null,
  errorKind: null,
  step: 0,
  totalSteps: 0,
  secondsPerStep: null,
  best: null,
  engine: null,
  earlierEngines: [],
  ownershipEpoch: 1,
  worker: null,
};

interface Look {
  readonly report: JobReport | null;
  readonly steps: readonly number[];
}

async function look(executor: Executor, job: Job, { folder }: StagedRun): Promise<Look> {
  const answer = await executor.poll([{ ...job, eventBytes: 0 }]);
  expect(answer.isWhole).toBe(true);
  const news = answer.folders.get(nameJob(job))?.events ?? (await readFile(getRunPaths(folder).events));
  const steps = [...news.toString("utf8").matchAll(/"type":"step","step":(\d+)|"step":(\d+)[^\n]*"type":"step"/g)];
  return { report: answer.jobs.get(nameJob(job)) ?? null, steps: steps.map(([, a, b]) => Number(a ?? b)) };
}

async function whenOver(executor: Executor, job: Job, run: StagedRun): Promise<Look & { readonly report: JobReport }> {
  await expect
    .poll(async () => (await look(executor, job, run)).report?.phase, { timeout: 90_000, interval: 100 })
    .toBe("over");
  const { report, steps } = await look(executor, job, run);
  if (report === null) throw new Error("the executor must know the job still");
  await executor.fetch(job, run.folder, true);
  return { report, steps };
}

describe.each(CARRIERS)("runs by %s", (carrier) => {
  it("are submitted once, however often that is asked for, and leave all files here", async () => {
    const { executor, makeRun } = await open(carrier);
    const { job, run } = await makeRun();
    const id = await giveTo(executor, job, run);
    expect(id).toEqual(expect.any(String));
    expect(await executor.submit(job)).toBe(id);
    const { report, steps } = await whenOver(executor, job, run);
    expect(report.jobId).toBe(id);
    expect(steps).toEqual(unbroken);
    const status = await readStatus(getRunPaths(run.folder));
    expect(status).toMatchObject({ state: "finished", step: 40, owner: null });
    expect(decideEnd({ report, status, lastLine: null, isStopping: false })).toMatchObject({ state: "finished" });
    for (const file of ["result.json", "checkpoints/best.safetensors"]) {
      expect(existsSync(join(run.folder, file)), file).toBe(true);
    }
  });

  it("stop with a checkpoint when they are cancelled at work", async () => {
    const { executor, makeRun } = await open(carrier);
    const { job, run } = await makeRun("wait at 27");
    await giveTo(executor, job, run);
    await expect.poll(async () => (await look(executor, job, run)).steps.at(-1), { timeout: 90_000 }).toBe(27);
    expect((await look(executor, job, run)).report).toMatchObject({ phase: "running", ending: null });
    await executor.cancel(job, false);
    const { report } = await whenOver(executor, job, run);
    const status = await readStatus(getRunPaths(run.folder));
    expect(status).toMatchObject({ state: "stopped", step: 27 });
    expect(decideEnd({ report, status, lastLine: null, isStopping: true })).toMatchObject({ state: "stopped" });
    expect(existsSync(getRunPaths(run.folder).checkpoints + "/last.safetensors")).toBe(true);
  });

  // A computer without a queue lets nothing wait.
  it.skipIf(carrier === "ssh")("end at once when they are cancelled while they wait", async () => {
    const { executor, site, makeRun } = await open(carrier);
    const first = await makeRun("wait at 27");
    await site?.wish("hold");
    await giveTo(executor, first.job, first.run);
    const { job, run } = await makeRun();
    await giveTo(executor, job, run);
    await expect.poll(async () => (await look(executor, job, run)).report?.phase).toBe("queued");
    await executor.cancel(job, false);
    const { report, steps } = await whenOver(executor, job, run);
    const status = await readStatus(getRunPaths(run.folder));
    expect(decideEnd({ report, status, lastLine: null, isStopping: true })).toMatchObject({ state: "stopped" });
    expect(steps).toEqual([]);
  });

  it("are told of by one answer, and of what nobody submitted it says nothing", async () => {
    const { executor, makeRun } = await open(carrier);
    const made = [await makeRun("wait at 27"), await makeRun("wait at 27")];
    for (const { job, run } of made) await giveTo(executor, job, run);
    const stranger = { runId: ulid(), attempt: 1 };
    const jobs = [...made.map(({ job }) => job), stranger];
    const answer = await executor.poll(jobs.map((job) => ({ ...job, eventBytes: 0 })));
    expect([...answer.jobs.keys()].toSorted()).toEqual(made.map(({ job }) => nameJob(job)).toSorted());
    for (const { job, run } of made) {
      await executor.cancel(job, true);
      await whenOver(executor, job, run);
    }
  });
});

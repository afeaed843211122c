import { cp, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { makePackage, makeWheelhouse, withWheelhouse } from "#tests/helpers/fakeTensorflow.ts";

import { describeMoment, type Moments, readMoments, withDeath } from "./moments.ts";
import { writePhotos } from "./folders.ts";
import { listTree } from "./describeRun.ts";
import { type JobResult, type LabJob, startJob } from "./labJob.ts";

/** A job as nothing broke it off. */
export interface Whole {
  readonly job: LabJob;
  readonly env: NodeJS.ProcessEnv;
  readonly result: JobResult;
  readonly ms: number;
  /** By so much it lets its folder grow. */
  readonly kilobytes: number;
  /** The folder of the job; nothing of it lies elsewhere. */
  readonly root: string;
  /** What its first process does to files and how often, and what one does that takes it up. */
  readonly moments: { readonly first: Moments; readonly later: Moments };
  /** Lays everything as it was before the job began. */
  restore(): Promise<void>;
}

/** Makes what a job needs, keeps a copy of it, and does the job undisturbed. */
export async function runWhole(folder: string, kind: LabJob["kind"], worker: LabJob["worker"]): Promise<Whole> {
  const root = join(folder, kind);
  const photos = await writePhotos(join(root, "photos"), 5, 32);
  const output = join(root, "output");
  await mkdir(join(root, "home"), { recursive: true });
  await mkdir(output);
  await mkdir(join(root, "tmp"));
  const isEngine = kind === "engine";
  const wheels = isEngine
    ? makeWheelhouse(join(root, "wheels"), ["libtensorflow_cc", "libtensorflow_framework"])
    : null;
  if (isEngine) makePackage(join(output, "package"));
  const env = { ...(isEngine ? withWheelhouse(join(root, "wheels")) : {}), TMPDIR: join(root, "tmp") };
  const job: LabJob = { kind, home: join(root, "home"), photos, output, worker, wheels };
  if (kind === "evaluate" || kind === "denoise") await finish({ ...job, kind: "train" }, env);
  await cp(root, `${root}.before`, { recursive: true });
  const restore = async (): Promise<void> => {
    await rm(root, { recursive: true, force: true });
    await cp(`${root}.before`, root, { recursive: true });
  };
  const bytesBefore = await measureTree(root);
  const startedAt = performance.now();
  const { result, moments: first } = await record(root, job, env);
  const ms = performance.now() - startedAt;
  const kilobytes = ((await measureTree(root)) - bytesBefore) / 1024;
  const whole = { job, env, result, ms, kilobytes, root, restore };
  if (kind !== "train" && kind !== "search") return { ...whole, moments: { first, later: first } };
  await restore();
  await breakOff({ ...whole, moments: { first, later: first } }, 3);
  const { moments: later } = await record(root, job, env);
  return { ...whole, moments: { first, later } };
}

/** Does what is left of a job and tells the steps that this took. */
async function record(root: string, job: LabJob, env: NodeJS.ProcessEnv) {
  const file = `${root}.steps`;
  await rm(file, { force: true });
  const result = await finish(job, withDeath({ root, record: file, death: null }, env));
  return { result, moments: await readMoments(file) };
}

/** Does a part of a run and kills both its processes in the middle, at a checkpoint, from 1. */
export async function breakOff({ root, job, env }: Whole, checkpoint: number): Promise<void> {
  const moment = `worker: ${describeMoment("rename", "/checkpoints/last")}`;
  const death = { victim: "both", moment, nth: checkpoint, isBefore: false, note: `${root}.deaths` } as const;
  const { result, trouble } = await startJob(job, withDeath({ root, record: null, death }, env)).ended;
  if (result !== null || trouble !== null) throw new Error(`${job.kind} came to no checkpoint ${checkpoint}`);
}

async function measureTree(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await listTree(folder)).map(async (file) => (await stat(join(folder, file))).blocks),
  );
  return sizes.reduce((sum, blocks) => sum + blocks * 512, 0);
}

async function finish(job: LabJob, env: NodeJS.ProcessEnv): Promise<JobResult> {
  const { result, trouble } = await startJob(job, env).ended;
  if (result?.isDone !== true) throw new Error(`${job.kind} fails undisturbed: ${trouble ?? JSON.stringify(result)}`);
  return result;
}

/** Says what of the lab's own is left of a job among the system's temporary files, and half-written beside its results. */
export async function listLeftovers({ root, job }: Whole): Promise<readonly string[]> {
  const names = (await readdir(join(root, "tmp"))).filter((name) => name.startsWith("hinas-"));
  const halves = (await readdir(job.output).catch(() => [])).filter((name) => name.endsWith(".tmp"));
  return [
    ...names.map((name) => `left ${name} among the temporary files`),
    ...halves.map((name) => `left ${name} beside the results`),
  ];
}

/** Says in what a result differs from that of the whole job. */
export function compare(expected: JobResult, got: JobResult): readonly string[] {
  return Object.keys(expected.digest).flatMap((name) => {
    const [a, b] = [expected.digest, got.digest].map((digest) => JSON.stringify(digest[name]));
    return a === b ? [] : [`${name} must be ${String(a).slice(0, 200)}, got ${String(b).slice(0, 200)}`];
  });
}

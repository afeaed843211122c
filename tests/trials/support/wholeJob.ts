import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { makePackage, makeWheelhouse, withWheelhouse } from "#tests/helpers/fakeTensorflow.ts";

import { writePhotos } from "./folders.ts";
import { type JobResult, type LabJob, startJob } from "./labJob.ts";

/** A job as nothing broke it off. */
export interface Whole {
  readonly job: LabJob;
  readonly env: NodeJS.ProcessEnv;
  readonly result: JobResult;
  readonly ms: number;
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
  const isEngine = kind === "engine";
  const wheels = isEngine
    ? makeWheelhouse(join(root, "wheels"), ["libtensorflow_cc", "libtensorflow_framework"])
    : null;
  if (isEngine) makePackage(join(output, "package"));
  const env = isEngine ? withWheelhouse(join(root, "wheels")) : {};
  const job: LabJob = { kind, home: join(root, "home"), photos, output, worker, wheels };
  if (kind === "evaluate" || kind === "denoise") await finish({ ...job, kind: "train" }, {});
  await cp(root, `${root}.before`, { recursive: true });
  const startedAt = performance.now();
  const result = await finish(job, env);
  const restore = async (): Promise<void> => {
    await rm(root, { recursive: true });
    await cp(`${root}.before`, root, { recursive: true });
  };
  return { job, env, result, ms: performance.now() - startedAt, restore };
}

async function finish(job: LabJob, env: NodeJS.ProcessEnv): Promise<JobResult> {
  const { result, trouble } = await startJob(job, env).ended;
  if (result?.isDone !== true) throw new Error(`${job.kind} fails undisturbed: ${trouble ?? JSON.stringify(result)}`);
  return result;
}

/** Says in what a result differs from that of the whole job. */
export function compare(expected: JobResult, got: JobResult): readonly string[] {
  return Object.keys(expected.digest).flatMap((name) => {
    const [a, b] = [expected.digest, got.digest].map((digest) => JSON.stringify(digest[name]));
    return a === b ? [] : [`${name} must be ${String(a).slice(0, 200)}, got ${String(b).slice(0, 200)}`];
  });
}

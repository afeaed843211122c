import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { hashFile } from "#main/files/hashFile.ts";
import { type DatasetPlace, findPhotos, type FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import { hasCheckpoint } from "#main/lab/models/modelList.ts";
import { createComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import { createWorkFolder } from "#main/lab/tasks/workFolder.ts";
import { claimRun } from "#main/store/runs/claimRun.ts";
import type { RunManifest } from "#main/store/runs/runFiles.ts";
import {
  getRunPaths,
  readManifest,
  readStatus,
  type RunPaths,
  writeControl,
  writeJson,
} from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { engineInWords, refuseOtherEngine } from "./environment.ts";
import { createRunNews, type JobContext, type RunJob, subscribe } from "./jobContext.ts";
import { planRun } from "./newRun.ts";
import { checkUnchanged, checkWeightsKept } from "./resumeRun.ts";
import { type RunPlan, startRunJob } from "./runJob.ts";

/** How a run is done that has nothing but its folder. */
export interface AloneOptions {
  /** `auto` goes on from the last checkpoint, where there is one, and leaves a finished run as it is; `never` does a run that nobody began. */
  readonly resume: "auto" | "never";
  /** Where data sets lie as folders named by their fingerprints; null where the run folder or the run's own place has the photos. */
  readonly dataRoot: string | null;
  /** True where the run may go on by another engine than the one before. */
  readonly mayChangeEngine: boolean;
  readonly log: (line: string) => void;
  /** Another compute process than the lab's own, given by its script. */
  readonly computeEntry?: string;
}

/** A run of which this process knows nothing but the folder. */
export interface LoneRun {
  /** Starts the work; a finished run is only told of. Throws LabError as `resumeRun` of the lab does, and `engine` where TensorFlow is not in place. */
  start(): Promise<RunSummary>;
  subscribe(id: string, listener: (event: RunEvent) => void): () => void;
  controlRun(id: string, want: "stop"): Promise<void>;
  /** Resolves when the run has ended and what it left is listed with its hashes. */
  waitForRun(id: string): Promise<RunSummary>;
  /** Ends the compute process. */
  close(): Promise<void>;
}

/** Opens a run folder in order to do that one run here, without the lab's home, database or network; the caller closes it. */
export function openLoneRun(folder: string, options: AloneOptions): LoneRun {
  const { log, computeEntry } = options;
  const paths = getRunPaths(resolve(folder));
  const runCompute = createComputeQueue({
    log,
    mayInstall: false,
    ...(computeEntry === undefined ? {} : { entry: computeEntry }),
  });
  const work = createWorkFolder();
  const context: JobContext = {
    log,
    runCompute,
    work,
    runNews: createRunNews(),
    getStore: () => ({
      runs: { put: () => undefined },
      candidates: { replaceFrom: () => undefined },
      inTransaction: (act) => act(),
    }),
  };
  let job: RunJob | null = null;
  const readSummary = async (): Promise<RunSummary> =>
    toRunSummary(paths.folder, await readManifest(paths), await readStatus(paths));
  return {
    start: async () => {
      const run = await readSummary();
      if (run.state === "finished" && options.resume === "auto") return run;
      job = startRunJob(context, await planAlone(context, paths, run, options));
      return job.getSummary();
    },
    subscribe: (id, listener) => subscribe(context, id, listener),
    controlRun: async (_id, want) => job?.setWant(want),
    waitForRun: async () => {
      if (job === null) return readSummary();
      const run = await job.done;
      await writeHashes(paths);
      return run;
    },
    close: async () => {
      job?.setWant("stop", "the program was closed");
      await job?.done;
      await Promise.all([runCompute.close(), work.close()]);
    },
  };
}

async function planAlone(
  context: JobContext,
  paths: RunPaths,
  run: RunSummary,
  { resume, dataRoot, mayChangeEngine }: AloneOptions,
): Promise<RunPlan> {
  const manifest = await readManifest(paths);
  const isBegun = run.step > 0 || run.state === "finished" || run.engine !== null;
  if (isBegun && resume === "never") {
    const what = `run ${run.id} must not have begun, got one that is ${run.state} at step ${run.step}`;
    throw new LabError("bad_config", `${what}; --resume auto goes on with it`);
  }
  const from = hasCheckpoint(run) ? "a_checkpoint" : isBegun ? "the_start_over" : "the_start";
  if (from === "a_checkpoint") checkWeightsKept(manifest);
  const found = await findData(paths, manifest, dataRoot);
  checkUnchanged(manifest, found);
  await checkEngine(context, run, from === "a_checkpoint" && !mayChangeEngine);
  const status = await claimRun(paths);
  await writeControl(paths, "run");
  // Latencies that this computer measures are of no use to another one.
  return { paths, manifest, status, from, mayChangeEngine, ...planRun(manifest, null, found)(paths) };
}

/** Where the clean and the noisy photos of a data set lie below the folder that is named by its fingerprint. */
export const DATA_FOLDERS = { clean: "clean", noisy: "noisy" } as const;

/** Finds the photos by their fingerprint: below the given root, in the run folder's `data`, or where they were when the run was made. */
async function findData(paths: RunPaths, { id, dataset }: RunManifest, dataRoot: string | null): Promise<FoundDataset> {
  if (dataset.folder === null) return findPhotos(dataset);
  const roots = [...(dataRoot === null ? [] : [resolve(dataRoot)]), join(paths.folder, "data")];
  const staged = roots.map((root): DatasetPlace => {
    const folder = join(root, dataset.fingerprint);
    const noisyFolder = dataset.noisyFolder === null ? null : join(folder, DATA_FOLDERS.noisy);
    return { name: dataset.name, folder: join(folder, DATA_FOLDERS.clean), noisyFolder };
  });
  const place = [...staged, dataset].find(({ folder }) => folder !== null && existsSync(folder));
  if (place !== undefined) return findPhotos(place);
  const places = staged.map(({ folder }) => folder).join(" or ");
  throw new LabError("not_found", `the photos of ${id} (data set ${dataset.name}) must lie in ${places}, got none`);
}

/** A node of a cluster has no network to install an engine by, and plain JavaScript would waste its time. */
async function checkEngine({ runCompute }: JobContext, run: RunSummary, mustBeSame: boolean): Promise<void> {
  const facts = await runCompute.use({}, null, async (lease) => (await lease.getCompute()).describeEngine());
  if (facts.backend !== "tensorflow") {
    const reason = facts.fallbackReason ?? "no reason is known";
    throw new LabError("engine", `TensorFlow must be in place here, got plain JavaScript alone: ${reason}`);
  }
  if (mustBeSame) refuseOtherEngine(run.id, run.engine, engineInWords(facts));
}

/** The file that says what a run has left, so that whoever fetches it knows when all is there. */
export const HASHES_FILE = "hashes.json";
const HASHED_FILES = ["result.json", "status.json", "events.jsonl"];
const HASHED_FOLDERS = ["checkpoints", "genotypes", "images"];

/** Writes the SHA-256 of each file that a run left, by its path in the run folder. */
async function writeHashes({ folder }: RunPaths): Promise<void> {
  const hashes: Record<string, string> = {};
  for (const name of await listLeft(folder)) hashes[name] = await hashFile(join(folder, name));
  await writeJson(join(folder, HASHES_FILE), hashes);
}

async function listLeft(folder: string): Promise<readonly string[]> {
  const names = HASHED_FILES.filter((name) => existsSync(join(folder, name)));
  for (const inner of HASHED_FOLDERS.filter((each) => existsSync(join(folder, each)))) {
    const files = (await readdir(join(folder, inner))).filter((name) => !name.startsWith("."));
    names.push(...files.toSorted().map((name) => `${inner}/${name}`));
  }
  return names;
}

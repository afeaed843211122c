import { mkdir } from "node:fs/promises";

import { ulid } from "ulid";

import { toDiskError } from "#main/files/diskError.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { getOwnIdentity } from "#main/store/runs/processIdentity.ts";
import type { RunManifest, RunStatus } from "#main/store/runs/runFiles.ts";
import { createRunFolder, type RunPaths } from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import type { EvaluationConfig, SearchConfig, TrainConfig } from "#shared/runs/config.ts";

import type { FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { type RunPlan, startRunJob } from "./runJob.ts";

/** The part of a run's manifest that searches and trainings have in common. */
export function buildIdentity(config: SearchConfig | TrainConfig, { dataset }: FoundDataset) {
  const name = config.name === "" ? `${dataset.name}, seed ${config.seed}` : config.name;
  return {
    schema: "hinas.run",
    version: 1,
    id: ulid(),
    name,
    createdAt: new Date().toISOString(),
    dataset,
  } as const;
}

/** Picks the photos that a configuration asks for. Throws LabError `bad_data` where noise of pairs has no pairs. */
export function pickPhotos(
  { data, noise }: Pick<SearchConfig | TrainConfig | EvaluationConfig, "data" | "noise">,
  { dataset, scan }: FoundDataset,
): readonly DatasetPhoto[] {
  if (noise.kind === "paired" && dataset.noisyFolder === null) {
    throw new LabError("bad_data", `data: noise "paired" needs pairs, got clean photos only in ${dataset.name}`);
  }
  return scan.photos.slice(0, data.maxPhotos);
}

/** Creates the folder of a new run, which this process owns, and starts the work on it. */
export async function startNewRun(
  context: LabContext,
  manifest: RunManifest,
  toPlan: (paths: RunPaths) => Pick<RunPlan, "photos" | "begin">,
): Promise<RunSummary> {
  const { runs } = context.paths;
  await mkdir(runs, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${runs}`, cause);
  });
  const status: RunStatus = {
    schema: "hinas.status",
    version: 1,
    state: "queued",
    reason: null,
    errorKind: null,
    step: 0,
    totalSteps: manifest.kind === "train" ? manifest.config.training.steps : 0,
    secondsPerStep: null,
    best: null,
    engine: null,
    owner: getOwnIdentity(),
    heartbeatAt: new Date().toISOString(),
  };
  const paths = await createRunFolder(runs, manifest, status);
  context.getStore().runs.put(toRunSummary(paths.folder, manifest, status));
  return startRunJob(context, { paths, manifest, status, from: "the_start", ...toPlan(paths) }).getSummary();
}

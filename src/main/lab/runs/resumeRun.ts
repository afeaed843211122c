import { claimRun } from "#main/store/runs/claimRun.ts";
import { refuseHandedOver } from "#main/store/runs/handover.ts";
import type { RunManifest } from "#main/store/runs/runFiles.ts";
import { getRunPaths, readManifest, writeControl } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

import { type DatasetPlace, findPhotos, type FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import { hasCheckpoint } from "#main/lab/models/modelList.ts";
import { engineInWords, refuseOtherEngine } from "./environment.ts";
import { planRun } from "./newRun.ts";
import { startRunJob } from "./runJob.ts";
import { findRun } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/**
 * Continues a run that ended early from its last checkpoint, or from the start where it has none. Throws LabError
 * `bad_data` where the data set is not what it was, `bad_config` for a finished run and one whose checkpoint is not
 * enough, `other_engine` where another engine computes than before, unless that is wanted, and `busy` where a process is at it.
 */
export async function resumeRun(
  context: RunsContext,
  idOrPrefix: string,
  mayChangeEngine: boolean,
): Promise<RunSummary> {
  const run = await findRun(context, idOrPrefix);
  if (run.state === "finished") throw new LabError("bad_config", `run ${run.id} is finished`);
  refuseHandedOver(run.folder, run.id);
  const paths = getRunPaths(run.folder);
  const manifest = await readManifest(paths);
  const from = hasCheckpoint(run) ? "a_checkpoint" : "the_start_over";
  if (from === "a_checkpoint") checkWeightsKept(manifest);
  const found = await findPhotos(locate(context, manifest.dataset));
  checkUnchanged(manifest, found);
  const plan = planRun(manifest, context.paths.latencies, found)(paths);
  if (from === "a_checkpoint" && !mayChangeEngine) await checkSameEngine(context, run);
  const status = await claimRun(paths);
  await writeControl(paths, "run");
  return startRunJob(context, { paths, manifest, status, from, mayChangeEngine, ...plan }).getSummary();
}

/** A registered data set may have been moved since; its fingerprint says that it is the same. */
export function locate(context: Pick<RunsContext, "getStore">, dataset: RunManifest["dataset"]): DatasetPlace {
  const card = context.getStore().datasets.find(dataset.name);
  return card === null || card.fingerprint !== dataset.fingerprint ? dataset : card;
}

/** Without the weights a search's checkpoint describes what was found, and nothing can go on from it: throws LabError `bad_config`. */
export function checkWeightsKept(manifest: RunManifest): void {
  if (manifest.kind !== "search" || manifest.config.search.keepSupernetWeights) return;
  throw new LabError(
    "bad_config",
    `run ${manifest.id} must have search.keepSupernetWeights true, got false: ` +
      "its checkpoint has no weights to go on from",
  );
}

/**
 * Asks the engine before anything is changed in the run. While other runs wait for it that is left to the run itself, which
 * asks in any case when its turn has come.
 */
async function checkSameEngine(context: RunsContext, run: RunSummary): Promise<void> {
  const [busy] = [...context.jobs.values()];
  const present =
    busy === undefined
      ? await context.runCompute.use({}, null, async (lease) => {
          const compute = await lease.getCompute();
          return engineInWords(await compute.describeEngine());
        })
      : busy.getSummary().engine;
  refuseOtherEngine(run.id, run.engine, present);
}

/** Throws LabError `bad_data` where the photos are not those that the run began with. */
export function checkUnchanged({ id, dataset }: RunManifest, found: FoundDataset): void {
  if (found.dataset.fingerprint === dataset.fingerprint) return;
  throw new LabError(
    "bad_data",
    `data set ${dataset.name} of run ${id} must have the fingerprint ${dataset.fingerprint}, ` +
      `got ${found.dataset.fingerprint}: its photos changed since the run began`,
  );
}

import { checkFree, claimRun, withRunLock } from "#main/store/runs/claimRun.ts";
import { refuseHandedOver } from "#main/store/runs/handover.ts";
import type { RunManifest } from "#main/store/runs/runFiles.ts";
import { getRunPaths, readManifest, readStatus, writeControl, writeStatus } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

import { type DatasetPlace, findPhotos, type FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import { hasCheckpoint } from "#main/lab/models/modelList.ts";
import { handOver, type HandOverContext } from "#main/lab/sites/handOver.ts";
import { readSite } from "#main/lab/sites/siteFiles.ts";
import { refuseOtherEngine } from "./environment.ts";
import { planRun, startHere } from "./newRun.ts";
import { findRun } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/** Who takes a run up. */
export interface Resumption {
  /** Null for this computer. */
  readonly site: string | null;
  /** True where the run may go on by another engine than the one before; at a site it never may. */
  readonly mayChangeEngine: boolean;
}

/** What taking a run up needs of the lab. */
export type ResumeContext = RunsContext & HandOverContext & { readonly paths: { readonly sites: string } };

/**
 * Continues a run that ended early from its last checkpoint, or from the start where it has none, here or at a site. Throws LabError
 * `bad_config` for a finished run and one whose checkpoint is not enough, `busy` where somebody is at it, and `not_found` for an unknown
 * site; here also `bad_data` where the data set is not what it was and `other_engine` where another engine computes than before, unless
 * that is wanted, which a site finds out by itself.
 */
export async function resumeRun(
  context: ResumeContext,
  idOrPrefix: string,
  { site, mayChangeEngine }: Resumption,
): Promise<RunSummary> {
  if (site !== null) await readSite(context.paths.sites, site);
  const run = await findRun(context, idOrPrefix);
  if (run.state === "finished") throw new LabError("bad_config", `run ${run.id} is finished`);
  return site === null ? resumeHere(context, run, mayChangeEngine) : resumeThere(context, run, site);
}

async function resumeThere(context: ResumeContext, run: RunSummary, site: string): Promise<RunSummary> {
  const paths = getRunPaths(run.folder);
  if (hasCheckpoint(run)) checkWeightsKept(await readManifest(paths));
  return withRunLock(paths, async () => {
    refuseHandedOver(run.folder, run.id);
    const status = await readStatus(paths);
    await checkFree(paths, status);
    await writeStatus(paths, { ...status, state: "queued", reason: null, errorKind: null, owner: null, worker: null });
    return handOver(context, paths, site);
  });
}

async function resumeHere(context: ResumeContext, run: RunSummary, mayChangeEngine: boolean): Promise<RunSummary> {
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
  return startHere(context, { paths, manifest, status, from, mayChangeEngine, ...plan });
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
async function checkSameEngine({ here }: RunsContext, run: RunSummary): Promise<void> {
  refuseOtherEngine(run.id, run.engine, await here.describeEngine());
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

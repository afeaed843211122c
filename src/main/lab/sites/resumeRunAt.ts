import { hasCheckpoint } from "#main/lab/models/modelList.ts";
import { checkWeightsKept } from "#main/lab/runs/resumeRun.ts";
import { findRun } from "#main/lab/runs/runs.ts";
import type { RunsContext } from "#main/lab/runs/runsContext.ts";
import { checkFree, withRunLock } from "#main/store/runs/claimRun.ts";
import { refuseHandedOver } from "#main/store/runs/handover.ts";
import { getRunPaths, readManifest, readStatus, writeStatus } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

import { handOver, type HandOverContext } from "./handOver.ts";
import { readSite } from "./siteFiles.ts";

type ResumeContext = Pick<RunsContext, "jobs" | "getStore"> &
  HandOverContext & { readonly paths: { readonly sites: string } };

/**
 * Gives a run that ended early to a site, where it goes on from its last checkpoint. Throws LabError `bad_config` for a finished
 * run and one whose checkpoint is not enough, `busy` where somebody is at it, and `not_found` for an unknown site. Whether the
 * engine there is the one that did the steps so far, the site finds out.
 */
export async function resumeRunAt(context: ResumeContext, site: string, idOrPrefix: string): Promise<RunSummary> {
  await readSite(context.paths.sites, site);
  const run = await findRun(context, idOrPrefix);
  if (run.state === "finished") throw new LabError("bad_config", `run ${run.id} is finished`);
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

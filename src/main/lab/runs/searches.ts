import { splitPhotos } from "#main/photos/splitPhotos.ts";
import type { RunPaths } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import { findDataset } from "#main/lab/datasets/datasets.ts";
import type { FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { buildIdentity, pickPhotos, startNewRun } from "./newRun.ts";
import type { RunPlan } from "./runJob.ts";

/** Starts a search. Throws LabError for data that cannot be used, before any run is made. */
export async function startSearch(context: LabContext, config: SearchConfig): Promise<RunSummary> {
  const found = await findDataset(context, config.data.dataset);
  const toPlan = planSearch(config, found);
  return startNewRun(context, { ...buildIdentity(config, found), kind: "search", config }, toPlan);
}

/** Plans a search: the split's halves and validation photos, and the question to the compute process. */
export function planSearch(
  config: SearchConfig,
  found: FoundDataset,
): (paths: RunPaths) => Pick<RunPlan, "photos" | "begin"> {
  const { weights, architecture, validation } = splitPhotos(pickPhotos(config, found), config.data.validationShare);
  return ({ folder }) => ({
    photos: [
      ["weights", weights],
      ["architecture", architecture],
      ["validation", validation],
    ],
    begin: (compute, resume) => compute.search({ config, folder, resume }),
  });
}

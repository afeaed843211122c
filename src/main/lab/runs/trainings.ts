import { splitPhotos } from "#main/photos/splitPhotos.ts";
import { describeTrained } from "#main/store/cards/architectureCards.ts";
import type { RunPaths } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";

import { keepArchitecture } from "#main/lab/architectures/architectures.ts";
import { findDataset } from "#main/lab/datasets/datasets.ts";
import type { FoundDataset } from "#main/lab/datasets/datasetSource.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { buildIdentity, pickPhotos, startNewRun } from "./newRun.ts";
import type { RunPlan } from "./runJob.ts";

/** Starts the training of a derived network. Throws LabError for data that cannot be used, before any run is made. */
export async function startTraining(context: LabContext, config: TrainConfig, genotype: Genotype): Promise<RunSummary> {
  const found = await findDataset(context, config.data.dataset);
  const toPlan = planTraining(config, genotype, found);
  await keepArchitecture(context, genotype, describeTrained(genotype, found.dataset.name));
  return startNewRun(context, { ...buildIdentity(config, found), kind: "train", config, genotype }, toPlan);
}

/** Plans a training: both halves of the search split are for training, and the question to the compute process. */
export function planTraining(
  config: TrainConfig,
  genotype: Genotype,
  found: FoundDataset,
): (paths: RunPaths) => Pick<RunPlan, "photos" | "begin"> {
  const { weights, architecture, validation } = splitPhotos(pickPhotos(config, found), config.data.validationShare);
  return ({ folder }) => ({
    photos: [
      ["training", [...weights, ...architecture]],
      ["validation", validation],
    ],
    begin: (compute, resume) => compute.train({ config, genotype, folder, resume }),
  });
}

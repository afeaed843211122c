import { type BatchSource, createBatchSource } from "#shared/image/batches.ts";
import { candidateSettings } from "#shared/runs/candidateNetwork.ts";
import { type SearchConfig, type TrainConfig, trainConfigSchema } from "#shared/runs/config.ts";
import type { ShortTraining } from "#shared/runs/estimatorSchema.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";

/** Opens the batches that all candidates of a search get, from both halves of its split. Throws LabError `bad_data` without photos. */
export function openCandidateBatches(
  { photos }: Pick<JobContext, "photos">,
  { search, space, augmentation, noise, seed }: SearchConfig,
  settings: Pick<ShortTraining, "maxPhotos" | "seed">,
): BatchSource {
  return createBatchSource({
    photos: [...photos.weights, ...photos.architecture].slice(0, settings.maxPhotos ?? undefined),
    batchSize: search.batchSize,
    patchSize: search.patchSize,
    augmentation,
    noise,
    noiseMap: space.noiseMap,
    seed: settings.seed ?? seed,
    stream: "training",
  });
}

/** The settings of the training of a search's candidates. */
export function toTraining(
  config: SearchConfig,
  settings: Pick<ShortTraining, "steps" | "seed" | "learningRate">,
): TrainConfig {
  const { search, augmentation, noise, data } = config;
  return trainConfigSchema.parse({
    seed: settings.seed ?? config.seed,
    data,
    augmentation,
    noise,
    network: candidateSettings(config),
    training: {
      steps: settings.steps,
      batchSize: search.batchSize,
      patchSize: search.patchSize,
      ssimWeight: search.ssimWeight,
      optimiser: { kind: "adam", learningRate: settings.learningRate },
      schedule: { kind: "cosine" },
    },
  });
}

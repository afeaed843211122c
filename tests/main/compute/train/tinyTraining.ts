import { trainConfigSchema } from "#shared/runs/config.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

export const STEPS = 9;
export const { genotype } = SMALL_PLAN;

export function configOf(training: object = {}): TrainConfig {
  return trainConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    network: { filters: 2 },
    training: {
      steps: STEPS,
      batchSize: 2,
      patchSize: 16,
      validateEverySteps: 4,
      checkpointEverySteps: 3,
      keepPeriodic: 2,
      ...training,
    },
  });
}

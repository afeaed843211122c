import { expect } from "vitest";

import { runTraining } from "#main/compute/train/trainLoop.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import { makeContext, type TestContext } from "#tests/main/compute/job/jobs.ts";
import { SMALL_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";

export const STEPS = 9;
export const { genotype } = SMALL_PLAN;

/** Five steps of the one size and four of the other; norms freeze after seven. */
export const STAGED = {
  stages: [
    { share: 0.5, batchSize: 3, patchSize: 12 },
    { share: 0.5, batchSize: 2, patchSize: 18 },
  ],
  optimiser: { kind: "adamw" },
  pixelLoss: "charbonnier",
  ssimWeight: 0,
  clipNorm: 0.1,
  averagingDecay: 0.9,
  freezeNormsFrom: 0.75,
} as const;

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

/** Runs a training until `step`, stops it there, and goes on in the same folder. */
export async function runBroken(config: TrainConfig, folder: string, step: number): Promise<readonly TestContext[]> {
  const first = await makeContext((event, control) => {
    if (event.type === "checkpoint" && event.kind === "last" && event.step === step) control.set("stop");
  });
  const start = { config, genotype, folder };
  expect(await runTraining(first, { ...start, resume: false })).toEqual({ kind: "stopped", step });
  const second = await makeContext();
  expect(await runTraining(second, { ...start, resume: true })).toMatchObject({ kind: "finished", step: STEPS });
  return [first, second];
}

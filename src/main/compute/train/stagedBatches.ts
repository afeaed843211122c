import { at } from "#shared/at.ts";
import { type Batch, type BatchSourceOptions, createBatchSource } from "#shared/image/batches.ts";
import { stageAt, type TrainingStage } from "#shared/runs/trainingStages.ts";

/** The batches of a training, whose sizes change from stage to stage. */
export interface StagedBatches {
  /** Makes the batch of a step (from 0): depends on the options, the stages and the step only. */
  batch(step: number): Batch;
  /** Passes over the photos that `steps` steps make. */
  epochAt(steps: number): number;
}

/**
 * Creates a stream of batches in which every stage goes on with the photos where the one before it ended. Throws LabError
 * bad_data as `createBatchSource` does, also for photos that are too small for a later stage only.
 */
export function createStagedBatches(
  options: Omit<BatchSourceOptions, "batchSize" | "patchSize" | "start">,
  stages: readonly TrainingStage[],
): StagedBatches {
  const sources = stages.map(({ batchSize, patchSize, firstStep, firstItem }) =>
    createBatchSource({ ...options, batchSize, patchSize, start: { step: firstStep, item: firstItem } }),
  );
  return {
    batch: (step) => at(sources, stages.indexOf(stageAt(stages, step)), "batches: stage").batch(step),
    epochAt: (steps) =>
      stages.reduce((epochs, stage, index) => {
        const done = Math.min(stage.steps, Math.max(0, steps - stage.firstStep));
        return epochs + done / at(sources, index, "batches: stage").stepsPerEpoch;
      }, 0),
  };
}

import { at } from "#shared/at.ts";

import type { TrainConfig } from "./config.ts";

/** A part of a training in which batches and patches keep their sizes; it ends where the next one begins. */
export interface TrainingStage {
  readonly batchSize: number;
  /** Pixels. */
  readonly patchSize: number;
  /** From 0. */
  readonly firstStep: number;
  readonly steps: number;
  /** The number of its first patch among all patches of the training. */
  readonly firstItem: number;
}

/** Lists the stages of a training in their order, those of no step left out; settings that name none make one stage. */
export function listStages({
  steps,
  stages,
  batchSize,
  patchSize,
}: Pick<TrainConfig["training"], "steps" | "stages" | "batchSize" | "patchSize">): readonly TrainingStage[] {
  const wished = stages.length === 0 ? [{ share: 1, batchSize, patchSize }] : stages;
  const listed: TrainingStage[] = [];
  let [share, firstStep, firstItem] = [0, 0, 0];
  for (const [index, stage] of wished.entries()) {
    share += stage.share;
    // Shares such as thirds do not sum to exactly 1.
    const end = index === wished.length - 1 ? steps : Math.min(steps, Math.round(share * steps));
    const { batchSize: size, patchSize: side } = stage;
    if (end > firstStep) {
      listed.push({ batchSize: size, patchSize: side, firstStep, steps: end - firstStep, firstItem });
    }
    firstItem += (end - firstStep) * size;
    firstStep = end;
  }
  return listed;
}

/** Returns the stage that a step (from 0) belongs to; the last one also for steps past the end. */
export function stageAt(stages: readonly TrainingStage[], step: number): TrainingStage {
  return at(
    stages,
    Math.max(
      0,
      stages.findLastIndex(({ firstStep }) => firstStep <= step),
    ),
    "training: stage",
  );
}

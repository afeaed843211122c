import * as tf from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";

import { openPlanes } from "#main/compute/learning/planes.ts";
import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { clipByValue } from "#main/compute/learning/vectors.ts";
import type { NetworkState } from "./networkState.ts";

/** One training step: the loss on the batch before it, and the parameters moved down their gradient. */
export function networkStep(
  kernels: TrainingKernels,
  { training }: TrainConfig,
  state: NetworkState,
  batch: Batch,
  learningRate: number,
): number {
  const planes = openPlanes(batch, training.batchSize, training.patchSize);
  const tape = new Tape(kernels, true);
  const { values, takeGradient, close } = openParameters(tape, state.specs, state.parameters, true);
  const statistics = new StatisticsCollector();
  try {
    const normalise = trainingNormalise(tape, state.norms, values, statistics);
    const pass = { tape, network: state.network, parameters: values, normalise };
    const predicted = runGraph(pass, planes.leaves(tape));
    const loss = denoisingLoss(tape, predicted, planes.clean, training.ssimWeight);
    const lossValue = at(loss.tensor.dataSync<"float32">(), 0, "loss");
    tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
    state.update(clipByValue(takeGradient(), training.clipValue), statistics, learningRate);
    return lossValue;
  } finally {
    statistics.dispose();
    close();
    tape.dispose();
    planes.close();
  }
}

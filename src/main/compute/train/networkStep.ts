import * as tf from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { TrainConfig } from "#shared/runs/config.ts";

import type { Kernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { runNetwork } from "#main/compute/network/network.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";

import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { clipByValue } from "#main/compute/learning/vectors.ts";
import type { NetworkState } from "./networkState.ts";

/** One training step: the loss on the batch before it, and the parameters moved down their gradient. */
export function networkStep(
  kernels: Kernels,
  { training }: TrainConfig,
  state: NetworkState,
  batch: Batch,
  learningRate: number,
): number {
  const shape: [number, number, number, number] = [training.batchSize, training.patchSize, training.patchSize, 1];
  const noisy = tf.tensor4d(batch.noisy, shape);
  const clean = tf.tensor4d(batch.clean, shape);
  const tape = new Tape(kernels, true);
  const { values, takeGradient, close } = openParameters(tape, state.specs, state.parameters, true);
  const statistics = new StatisticsCollector();
  try {
    const normalise = trainingNormalise(tape, state.norms, values, statistics);
    const predicted = runNetwork({ tape, plan: state.plan, parameters: values, normalise }, tape.leaf(noisy, false));
    const loss = denoisingLoss(tape, predicted, clean, training.ssimWeight);
    const lossValue = at(loss.tensor.dataSync<"float32">(), 0, "loss");
    tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
    state.update(clipByValue(takeGradient(), training.clipValue), statistics, learningRate);
    return lossValue;
  } finally {
    statistics.dispose();
    close();
    tape.dispose();
    tf.dispose([noisy, clean]);
  }
}

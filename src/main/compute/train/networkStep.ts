import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { TrainConfig } from "#shared/runs/config.ts";
import { listStages, stageAt } from "#shared/runs/trainingStages.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";

import { tensorOf } from "#main/compute/kernels/namedTensors.ts";
import type { TrainingKernels, Step } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import { frozenNormalise, trainingNormalise } from "#main/compute/network/normalise.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";

import { openPlanes } from "#main/compute/learning/planes.ts";
import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { clipByNorm, clipByValue } from "#main/compute/learning/vectors.ts";
import type { NetworkState } from "./networkState.ts";

/** One training step: the loss on the batch before it, and the parameters moved down their gradient. */
export function networkStep(
  kernels: TrainingKernels,
  { training }: TrainConfig,
  state: NetworkState,
  batch: Batch,
  learningRate: number,
): number {
  const { batchSize, patchSize } = stageAt(listStages(training), state.step);
  const isFrozen = state.norms.length > 0 && areNormsFrozen(training, state.step);
  const results = runBack(kernels, training, state, { batch, batchSize, patchSize, isFrozen });
  const loss = tensorOf(results, "loss");
  const lossValue = at(loss.dataSync<"float32">(), 0, "loss");
  loss.dispose();
  const limited = clipByValue(tensorOf(results, "gradient") as Tensor1D, training.clipValue);
  const gradient = clipByNorm(limited, training.clipNorm);
  state.update(gradient, isFrozen ? null : (tensorOf(results, "statistics") as Tensor1D), learningRate);
  return lossValue;
}

/** The loss on a batch and its gradient `[N]` by all parameters, none of which moves. */
export function networkGradient(
  kernels: TrainingKernels,
  { training }: TrainConfig,
  state: NetworkState,
  batch: Batch,
): { readonly loss: number; readonly gradient: Float32Array } {
  const { batchSize, patchSize } = stageAt(listStages(training), state.step);
  const results = runBack(kernels, training, state, { batch, batchSize, patchSize, isFrozen: false });
  const read = (name: string): Float32Array => Float32Array.from(tensorOf(results, name).dataSync<"float32">());
  const [loss, gradient] = [at(read("loss"), 0, "loss"), read("gradient")];
  for (const tensor of results.values()) tensor.dispose();
  return { loss, gradient };
}

/** A batch, its sizes, and whether norms keep their statistics. */
interface BackPass {
  readonly batch: Batch;
  readonly batchSize: number;
  readonly patchSize: number;
  readonly isFrozen: boolean;
}

/** Runs a batch through the network and back; what comes out is the caller's to dispose. */
function runBack(
  kernels: TrainingKernels,
  training: TrainConfig["training"],
  state: NetworkState,
  { batch, batchSize, patchSize, isFrozen }: BackPass,
): ReturnType<Step> {
  const planes = openPlanes(batch, batchSize, patchSize);
  const prepared = state.prepared(isFrozen, () =>
    kernels.prepareStep(walkBack(kernels, state, training, isFrozen), training.precision),
  );
  try {
    const { parameters, statistics } = state;
    return prepared.run(new Map([...planes.read, ...Object.entries({ clean: planes.clean, parameters, statistics })]));
  } finally {
    planes.close();
  }
}

/** Whether batch norms keep their running statistics in a step (from 0). */
function areNormsFrozen({ freezeNormsFrom, steps }: TrainConfig["training"], step: number): boolean {
  return freezeNormsFrom !== null && step >= Math.round(freezeNormsFrom * steps);
}

/** From planes, parameters and running statistics to the loss, its gradient and, unless norms are frozen, the batch's statistics. */
function walkBack(
  kernels: TrainingKernels,
  { network, norms, plan, specs, statisticsSpecs }: NetworkState,
  { ssimWeight, pixelLoss }: TrainConfig["training"],
  isFrozen: boolean,
): Step {
  return (inputs) => {
    const tape = new Tape(kernels, true);
    const { values, takeGradient, close } = openParameters(
      tape,
      specs,
      tensorOf(inputs, "parameters") as Tensor1D,
      true,
    );
    const statistics = new StatisticsCollector();
    const oldStatistics = tensorOf(inputs, "statistics") as Tensor1D;
    const running = isFrozen ? openParameters(tape, statisticsSpecs, oldStatistics, false) : null;
    try {
      const normalise =
        running === null
          ? trainingNormalise(tape, norms, values, statistics)
          : frozenNormalise(tape, norms, values, running.values);
      const planes = inputPlanes(plan).map(
        ({ name }) => [name, tape.leaf(tensorOf(inputs, name) as Tensor4D, false)] as const,
      );
      const predicted = runGraph({ tape, network, parameters: values, normalise }, new Map(planes));
      const loss = denoisingLoss(tape, predicted, tensorOf(inputs, "clean") as Tensor4D, ssimWeight, pixelLoss);
      const lossBefore = tf.clone(loss.tensor);
      tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
      const gradient = takeGradient();
      const results = { loss: lossBefore, gradient };
      if (isFrozen) return new Map(Object.entries(results));
      return new Map(Object.entries({ ...results, statistics: statistics.join(statisticsSpecs, oldStatistics) }));
    } finally {
      statistics.dispose();
      running?.close();
      close();
      tape.dispose();
    }
  };
}

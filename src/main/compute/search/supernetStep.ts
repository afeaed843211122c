import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { tensorOf } from "#main/compute/kernels/namedTensors.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { ArchLeaves, archVector } from "#main/compute/supernet/archLeaves.ts";
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { drawNoiseNumbers, hasNoise, NoiseFields } from "#main/compute/supernet/noiseFields.ts";
import { SkipMasks } from "#main/compute/supernet/skipMasks.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { openPlanes, type OpenPlanes } from "#main/compute/learning/planes.ts";
import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";

import { hasSkipDropout } from "./stabilisers/skipDropout.ts";
import type { Gradients, PreparedWalk, SupernetState } from "./supernetState.ts";

/** One weight step: the loss on the batch before it, and the weight variables moved down their gradient. */
export function weightStep(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  batch: Batch,
  rate: number,
): number {
  return withPlanes(config, batch, (planes) => {
    const step = { kernels, config, state, isLearning: true };
    const arch = state.weightStepArch((weights) => walkBack(step, planes, state.weights, "arch", weights));
    const { loss, weightGradient } = walkBack(step, planes, state.weights, "weights", arch);
    if (weightGradient !== null) {
      state.updateWeights(weightGradient, rate);
    }
    return loss;
  });
}

/** One first-order arch step (DARTS with xi = 0): alpha and beta moved down their gradient; `archStepIndex` counts from 0. */
export function archStep(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  batch: Batch,
  archStepIndex: number,
): number {
  return withPlanes(config, batch, (planes) => {
    const { loss, archGradients } = walkBack(
      { kernels, config, state, isLearning: true },
      planes,
      state.weights,
      "arch",
    );
    if (archGradients !== null) {
      state.updateArch(archGradients, archStepIndex);
    }
    return loss;
  });
}

/** Opens a batch for as long as something runs on it. */
export function withPlanes<R>({ search }: SearchConfig, batch: Batch, run: (planes: OpenPlanes) => R): R {
  const planes = openPlanes(batch, search.batchSize, search.patchSize);
  try {
    return run(planes);
  } finally {
    planes.close();
  }
}

/** What a step of a search works with. */
export interface SearchStep {
  readonly kernels: TrainingKernels;
  readonly config: SearchConfig;
  readonly state: SupernetState;
  /** Whether something moves down the gradient: outputs of skips are then dropped where the settings say so, in measurements they are not. */
  readonly isLearning?: boolean;
}

/** The variables whose gradient a step computes. */
type Wanted = "weights" | "arch" | "both";

/**
 * Runs the supernet with weight variables `[N]` and arch weights, which may be others than the state's, forward and back. Only the gradients of
 * the wanted variables are computed, of half the loss.
 */
export function walkBack(
  { kernels, config, state, isLearning = false }: SearchStep,
  planes: OpenPlanes,
  weights: Tensor1D,
  wanted: Wanted,
  archWeights: ArchWeights = state.archWeights(),
): Gradients {
  const arch = tf.tensor1d(archVector(archWeights));
  const drawn = {
    ...(hasNoise(config.space) ? { noise: tf.tensor1d(drawNoiseNumbers(config.seed, state.step)) } : {}),
    ...(hasSkipDropout(config.search) ? { skips: tf.tensor1d(state.skipFactors(isLearning)) } : {}),
  };
  const { step, sumGradients } = state.prepared(wanted, () => prepareWalk(kernels, config, state, wanted));
  try {
    const results = step.run(
      new Map([...planes.read, ...Object.entries({ clean: planes.clean, weights, arch, ...drawn })]),
    );
    const gradient = tensorOf(results, "gradient") as Tensor1D;
    const loss = at(tensorOf(results, "loss").dataSync<"float32">(), 0, "loss");
    tensorOf(results, "loss").dispose();
    if (wanted === "weights") return { loss, weightGradient: gradient, archGradients: null };
    const archGradient = wanted === "both" ? tensorOf(results, "archGradient") : gradient;
    const archGradients = sumGradients(archGradient.dataSync<"float32">());
    archGradient.dispose();
    return { loss, weightGradient: wanted === "both" ? gradient : null, archGradients };
  } finally {
    tf.dispose([arch, ...Object.values(drawn)]);
  }
}

/** From planes, weights and arch weights to the loss and the gradient of the wanted variables. */
function prepareWalk(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  wanted: Wanted,
): PreparedWalk {
  const { space, search } = config;
  let lastArch: ArchLeaves | null = null;
  const step = kernels.prepareStep((inputs) => {
    const tape = new Tape(kernels, true);
    const weights = tensorOf(inputs, "weights") as Tensor1D;
    const parameters = openParameters(tape, state.specs, weights, wanted !== "arch");
    const vector = tensorOf(inputs, "arch") as Tensor1D;
    const arch = new ArchLeaves(tape, state.arch.weights(), wanted !== "weights", vector);
    lastArch = arch;
    const noise = hasNoise(space) ? new NoiseFields(tensorOf(inputs, "noise") as Tensor1D) : undefined;
    const skipMasks = hasSkipDropout(search) ? new SkipMasks(tensorOf(inputs, "skips") as Tensor1D) : undefined;
    try {
      const { recompute } = search;
      const pass = { tape, space, parameters: parameters.values, arch, recompute, noise, skipMasks };
      const planes = inputPlanes(space).map(
        ({ name }) => [name, tape.leaf(tensorOf(inputs, name) as Tensor4D, false)] as const,
      );
      const predicted = runSupernet(pass, new Map(planes));
      const loss = denoisingLoss(tape, predicted, tensorOf(inputs, "clean") as Tensor4D, search.ssimWeight);
      const lossBefore = tf.clone(loss.tensor);
      tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
      const gradient = wanted === "arch" ? arch.takeGradient() : parameters.takeGradient();
      const both = wanted === "both" ? { archGradient: arch.takeGradient() } : {};
      return new Map<string, Tensor>(Object.entries({ loss: lossBefore, gradient, ...both }));
    } finally {
      arch.close();
      noise?.close();
      skipMasks?.close();
      parameters.close();
      tape.dispose();
    }
  });
  return {
    step,
    sumGradients: (values) => {
      if (lastArch === null) throw new Error("search: an arch step's gradient was read before it ran");
      return lastArch.sumGradients(values);
    },
  };
}

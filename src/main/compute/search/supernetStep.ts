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
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { openPlanes } from "#main/compute/learning/planes.ts";
import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";

import type { PreparedWalk, SupernetState } from "./supernetState.ts";

/** One weight step: the loss on the batch before it, and the weight variables moved down their gradient. */
export function weightStep(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  batch: Batch,
  rate: number,
): number {
  const { loss, weightGradient } = walkBack(kernels, config, state, batch, "weights");
  if (weightGradient !== null) {
    state.updateWeights(weightGradient, rate);
  }
  return loss;
}

/** One first-order arch step (DARTS with xi = 0): alpha and beta moved down their gradient; `archStepIndex` counts from 0. */
export function archStep(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  batch: Batch,
  archStepIndex: number,
): number {
  const { loss, archGradients } = walkBack(kernels, config, state, batch, "arch");
  if (archGradients !== null) {
    state.arch.update(archGradients, archStepIndex);
  }
  return loss;
}

/** The variables whose gradient a step computes. */
type Wanted = "weights" | "arch";

interface Gradients {
  readonly loss: number;
  readonly weightGradient: Tensor1D | null;
  readonly archGradients: ArchWeightGradients | null;
}

/** Runs the supernet forward and back. Only the gradients of the wanted variables are computed. */
function walkBack(
  kernels: TrainingKernels,
  config: SearchConfig,
  state: SupernetState,
  batch: Batch,
  wanted: Wanted,
): Gradients {
  const planes = openPlanes(batch, config.search.batchSize, config.search.patchSize);
  const arch = tf.tensor1d(archVector(state.arch.weights()));
  const { step, sumGradients } = state.prepared(wanted, () => prepareWalk(kernels, config, state, wanted));
  try {
    const { weights } = state;
    const results = step.run(new Map([...planes.read, ...Object.entries({ clean: planes.clean, weights, arch })]));
    const gradient = tensorOf(results, "gradient") as Tensor1D;
    const loss = at(tensorOf(results, "loss").dataSync<"float32">(), 0, "loss");
    tensorOf(results, "loss").dispose();
    if (wanted === "weights") return { loss, weightGradient: gradient, archGradients: null };
    const archGradients = sumGradients(gradient.dataSync<"float32">());
    gradient.dispose();
    return { loss, weightGradient: null, archGradients };
  } finally {
    arch.dispose();
    planes.close();
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
    const parameters = openParameters(tape, state.specs, weights, wanted === "weights");
    const vector = tensorOf(inputs, "arch") as Tensor1D;
    const arch = new ArchLeaves(tape, state.arch.weights(), wanted === "arch", vector);
    lastArch = arch;
    try {
      const pass = { tape, space, parameters: parameters.values, arch, recompute: search.recompute };
      const planes = inputPlanes(space).map(
        ({ name }) => [name, tape.leaf(tensorOf(inputs, name) as Tensor4D, false)] as const,
      );
      const predicted = runSupernet(pass, new Map(planes));
      const loss = denoisingLoss(tape, predicted, tensorOf(inputs, "clean") as Tensor4D, search.ssimWeight);
      const lossBefore = tf.clone(loss.tensor);
      tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
      const gradient = wanted === "weights" ? parameters.takeGradient() : arch.takeGradient();
      return new Map<string, Tensor>(Object.entries({ loss: lossBefore, gradient }));
    } finally {
      arch.close();
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

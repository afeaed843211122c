import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { openPlanes } from "#main/compute/learning/planes.ts";
import { PUBLISHED_LOSS_SCALE, denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";

import type { SupernetState } from "./supernetState.ts";

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
  wanted: "weights" | "arch",
): Gradients {
  const { space, search } = config;
  const planes = openPlanes(batch, search.batchSize, search.patchSize);
  const tape = new Tape(kernels, true);
  const parameters = openParameters(tape, state.specs, state.weights, wanted === "weights");
  const arch = new ArchLeaves(tape, state.arch.weights(), wanted === "arch");
  try {
    const pass = { tape, space, parameters: parameters.values, arch, recompute: search.recompute };
    const predicted = runSupernet(pass, planes.leaves(tape));
    const loss = denoisingLoss(tape, predicted, planes.clean, search.ssimWeight);
    const lossValue = at(loss.tensor.dataSync<"float32">(), 0, "loss");
    tape.backward(loss, tf.scalar(PUBLISHED_LOSS_SCALE));
    return {
      loss: lossValue,
      weightGradient: wanted === "weights" ? parameters.takeGradient() : null,
      archGradients: wanted === "arch" ? arch.takeGradients() : null,
    };
  } finally {
    arch.close();
    parameters.close();
    tape.dispose();
    planes.close();
  }
}

import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { Batch } from "#shared/image/batches.ts";

import type { OpenPlanes } from "#main/compute/learning/planes.ts";
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";

import { type SearchStep, walkBack, withPlanes } from "./supernetStep.ts";

/** Length of the step of a finite difference through the weights (DARTS's code, science notes 5). */
const STEP_LENGTH = 0.01;

/** What a second-order step reads: a batch of the weights half, and one of the architecture half. */
interface Halves<T> {
  readonly train: T;
  readonly validation: T;
}

/**
 * One second-order arch step (DARTS's unrolled step, science notes 5): alpha and beta moved down the gradient of the loss that the
 * weights would have after a weight step at the rate `xi`. Returns that loss; `archStepIndex` counts from 0.
 */
export function secondOrderArchStep(
  search: SearchStep,
  batches: Halves<Batch>,
  xi: number,
  archStepIndex: number,
): number {
  return withPlanes(search.config, batches.train, (train) =>
    withPlanes(search.config, batches.validation, (validation) => {
      const { loss, archGradients } = unrolledGradients({ ...search, isLearning: true }, { train, validation }, xi);
      search.state.updateArch(archGradients, archStepIndex);
      return loss;
    }),
  );
}

/**
 * The gradient of the validation loss after one weight step at the rate `xi`, with respect to op and move weights:
 * grad(w1) - xi (grad(w + e v) - grad(w - e v)) / 2e, where v is the validation gradient at the moved weights w1, and the two
 * others are taken of the training loss. With `xi` 0 it is the first order's.
 */
export function unrolledGradients(
  search: SearchStep,
  { train, validation }: Halves<OpenPlanes>,
  xi: number,
): { readonly loss: number; readonly archGradients: ArchWeightGradients } {
  const { state } = search;
  if (xi === 0) {
    const { loss, archGradients } = walkBack(search, validation, state.weights, "arch");
    return { loss, archGradients: given(archGradients) };
  }
  const step = given(walkBack(search, train, state.weights, "weights").weightGradient);
  const moved = state.previewWeights(step, xi);
  const { loss, weightGradient, archGradients } = walkBack(search, validation, moved, "both");
  // Weights that learn at a rate of their own move by that rate, and their part of the product weighs as much.
  const direction = tf.tidy(() => tf.mul<Tensor1D>(given(weightGradient), state.rateFactor));
  const [length = 0] = tf.tidy(() => tf.norm(direction).dataSync<"float32">());
  const epsilon = STEP_LENGTH / length;
  const [ahead, behind] = [epsilon, -epsilon].map((reach) => {
    const shifted = tf.tidy(() => tf.add<Tensor1D>(state.weights, tf.mul(direction, reach)));
    const gradients = given(walkBack(search, train, shifted, "arch").archGradients);
    shifted.dispose();
    return gradients;
  });
  tf.dispose([step, moved, weightGradient, direction].filter((tensor) => tensor !== null));
  if (length === 0) return { loss, archGradients: given(archGradients) };
  const product = { ahead: given(ahead), behind: given(behind), factor: xi / (2 * epsilon) };
  return { loss, archGradients: lessProduct(given(archGradients), product) };
}

interface Product {
  readonly ahead: ArchWeightGradients;
  readonly behind: ArchWeightGradients;
  readonly factor: number;
}

function lessProduct({ op, move }: ArchWeightGradients, { ahead, behind, factor }: Product): ArchWeightGradients {
  const less = (row: readonly number[], first: readonly number[], second: readonly number[]): number[] =>
    row.map((slope, i) => slope - factor * (at(first, i, "gradients") - at(second, i, "gradients")));
  return {
    op: op.map((layer, l) =>
      layer.map((row, e) => {
        const rowOf = ({ op: all }: ArchWeightGradients) => at(at(all, l, "layers"), e, "edges");
        return less(row, rowOf(ahead), rowOf(behind));
      }),
    ),
    move: move.map((row, r) => less(row, at(ahead.move, r, "routers"), at(behind.move, r, "routers"))),
  };
}

function given<T>(value: T | null | undefined): T {
  if (value == null) throw new Error("search: a walk must give the gradients that it was asked for");
  return value;
}

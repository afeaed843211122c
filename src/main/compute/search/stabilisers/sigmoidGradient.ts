import { at } from "#shared/at.ts";

/** Turns the gradient with respect to sigmoid outputs into the gradient with respect to the logits: w (1 - w) g. `weights` are the outputs. */
export function sigmoidGradient(weights: readonly number[], gradient: readonly number[]): number[] {
  return weights.map((weight, index) => weight * (1 - weight) * at(gradient, index, "sigmoid gradient"));
}

import * as tf from "@tensorflow/tfjs-core";

import { assertNever } from "#shared/assertNever.ts";
import type { OptimiserConfig } from "#shared/runs/config.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

import { storedShape } from "#main/compute/layers/parameters.ts";

import { Adam } from "./adam.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";
import { Sgd } from "./sgd.ts";

/** The published training moves biases, and the shifts of batch norms, twice as fast and does not decay them. */
const BIAS_RATE_FACTOR = 2;

/**
 * The last convolution is the only layer without a batch norm, and it reads over a thousand inputs: at the published
 * learning rates it diverges within a few steps (measured with a factor of 1; 1/4 is stable). The published supernet ends
 * in a sigmoid instead, whose slope of at most 1/4 divides that layer's curvature by 16 or more.
 */
const OUTPUT_RATE_FACTOR = 1 / 8;

/** Builds the optimiser that a config asks for, over the parameters `specs`. */
export function buildOptimiser(config: OptimiserConfig, rules: ParameterRules): Optimiser {
  switch (config.kind) {
    case "sgd":
      return new Sgd(config, rules);
    case "adam":
      return new Adam(config, rules);
    default:
      return assertNever(config);
  }
}

/** The search's rules: weight decay for all, a slower last layer. The caller disposes them. */
export function searchRules(specs: readonly ParameterSpec[]): ParameterRules {
  return { rateFactor: spread(specs, outputRateFactor), decayMask: spread(specs, () => 1) };
}

/** The training's rules: biases twice as fast and without decay (notes 1.8), a slower last layer. The caller disposes them. */
export function trainRules(specs: readonly ParameterSpec[]): ParameterRules {
  const isBias = (name: string): boolean => name.endsWith(".bias") || name.endsWith(".beta");
  return {
    rateFactor: spread(specs, (name) => outputRateFactor(name) * (isBias(name) ? BIAS_RATE_FACTOR : 1)),
    decayMask: spread(specs, (name) => (isBias(name) ? 0 : 1)),
  };
}

function outputRateFactor(name: string): number {
  return name.startsWith("decoder.output.") ? OUTPUT_RATE_FACTOR : 1;
}

/** One value per stored number of each parameter. */
function spread(specs: readonly ParameterSpec[], valueOf: (name: string) => number): tf.Tensor1D {
  return tf.tensor1d(
    specs.flatMap((spec) => new Array<number>(sizeOfShape(storedShape(spec))).fill(valueOf(spec.name))),
  );
}

import * as tf from "@tensorflow/tfjs-core";

import { assertNever } from "#shared/assertNever.ts";
import type { OptimiserConfig } from "#shared/runs/config.ts";

import { sizeOfShape } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";

import { Adam } from "./adam.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";
import { Sgd } from "./sgd.ts";

/** The published training moves biases, and the shifts of batch norms, twice as fast and does not decay them. */
const BIAS_RATE_FACTOR = 2;

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

/** One rule for all parameters: the full rate, and weight decay (the published search). The caller disposes it. */
export function uniformRules(count: number): ParameterRules {
  return { rateFactor: tf.ones([count]), decayMask: tf.ones([count]) };
}

/** The published training's rules: biases twice as fast and without decay (science notes 1.8). The caller disposes it. */
export function biasRules(specs: readonly ParameterSpec[]): ParameterRules {
  const spread = (valueOf: (isBias: boolean) => number): tf.Tensor1D =>
    tf.tensor1d(
      specs.flatMap(({ name, shape }) => {
        const isBias = name.endsWith(".bias") || name.endsWith(".beta");
        return new Array<number>(sizeOfShape(shape)).fill(valueOf(isBias));
      }),
    );
  return {
    rateFactor: spread((isBias) => (isBias ? BIAS_RATE_FACTOR : 1)),
    decayMask: spread((isBias) => (isBias ? 0 : 1)),
  };
}

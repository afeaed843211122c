import * as tf from "@tensorflow/tfjs-core";

import { assertNever } from "#shared/assertNever.ts";
import type { OptimiserConfig } from "#shared/runs/config.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

import { storedShape } from "#main/compute/layers/parameters.ts";

import { Adam } from "./adam.ts";
import { Muon } from "./muon.ts";
import type { Optimiser, ParameterRules } from "./optimiser.ts";
import { Sgd } from "./sgd.ts";

/** Builds the optimiser that a config asks for, over the parameters `specs`. */
export function buildOptimiser(
  config: OptimiserConfig,
  rules: ParameterRules,
  specs: readonly ParameterSpec[],
): Optimiser {
  switch (config.kind) {
    case "sgd":
      return new Sgd(config, rules);
    case "adam":
    case "adamw":
      return new Adam(config, rules);
    case "muon":
      return new Muon(config, rules, specs);
    default:
      return assertNever(config);
  }
}

/** Factors of the learning rate that the settings name. */
interface RateFactors {
  /** Of the last convolution, which alone has no batch norm behind it. */
  readonly outputRateFactor: number;
  /** Of biases, and of the shifts of batch norms. */
  readonly biasRateFactor: number;
}

/** The search's rules: weight decay for all, the last layer at a rate of its own. The caller disposes them. */
export function searchRules(
  specs: readonly ParameterSpec[],
  { outputRateFactor }: Pick<RateFactors, "outputRateFactor">,
): ParameterRules {
  return {
    rateFactor: spread(specs, (name) => (isOutput(name) ? outputRateFactor : 1)),
    decayMask: spread(specs, () => 1),
  };
}

/** The training's rules: biases without decay (notes 1.8), biases and last layer at rates of their own. The caller disposes them. */
export function trainRules(
  specs: readonly ParameterSpec[],
  { outputRateFactor, biasRateFactor }: RateFactors,
): ParameterRules {
  return {
    rateFactor: spread(specs, (name) => (isOutput(name) ? outputRateFactor : 1) * (isBias(name) ? biasRateFactor : 1)),
    decayMask: spread(specs, (name) => (isBias(name) ? 0 : 1)),
  };
}

function isOutput(name: string): boolean {
  return name.startsWith("decoder.output.");
}

function isBias(name: string): boolean {
  return name.endsWith(".bias") || name.endsWith(".beta");
}

/** One value per stored number of each parameter. */
function spread(specs: readonly ParameterSpec[], valueOf: (name: string) => number): tf.Tensor1D {
  return tf.tensor1d(
    specs.flatMap((spec) => new Array<number>(sizeOfShape(storedShape(spec))).fill(valueOf(spec.name))),
  );
}

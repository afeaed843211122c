import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { endpointLayer } from "#shared/space/widthLevels.ts";

import { addBias, concatenate, subtract } from "#main/compute/layers/combine.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import { runFixedCell } from "./fixedCell.ts";
import type { CellOutput } from "./fixedCell.ts";
import type { Normalise } from "./normalise.ts";
import { edgesOfLayer } from "./structure.ts";
import type { NetworkPlan } from "./structure.ts";

/** What one pass through a derived network works with. */
export interface NetworkPass {
  readonly tape: Tape;
  readonly plan: NetworkPlan;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly normalise: Normalise;
}

/**
 * Denoises `[B, H, W, 1]` with a derived network: stem, cells along the width path, decoder with a skip branch from the
 * last layer at width level 0; the predicted noise is subtracted from the input (science notes 1.4).
 */
export function runNetwork(pass: NetworkPass, noisy: Value): Value {
  const { tape, plan } = pass;
  // What each layer left, through the activation that both its readers share; the stem stands before the first layer.
  const first = tape.scope(() => leakyRelu(tape, block(pass, noisy, "stem_1", true)));
  const second = block(pass, first, "stem_2", false);
  const activated = [first, leakyRelu(tape, second)];
  const skipLayer = endpointLayer(plan.genotype.widthPath);
  let endpoint = skipLayer === null ? tape.scope(() => block(pass, second, "endpoint_reduce", false)) : null;
  tape.release([second]);
  for (let layer = 0; layer < plan.genotype.cells.length; layer++) {
    const output = tape.scope(() => runLayer(pass, layer, activated, layer === skipLayer));
    activated.push(output.activated);
    endpoint = output.raw ?? endpoint;
  }
  const last = activated.at(-1);
  if (endpoint === null || last === undefined) {
    throw new Error("network: the width path has no endpoint");
  }
  const skip = endpoint;
  tape.release(activated.slice(-2, -1));
  return tape.scope(() => subtract(tape, noisy, decode(pass, skip, last)));
}

/** Runs one layer on the two activated outputs before it; no later layer reads the older one, so it is freed. */
function runLayer(pass: NetworkPass, layer: number, activated: readonly Value[], wantsRaw: boolean): CellOutput {
  const { tape, plan, parameters, normalise } = pass;
  const [older, previous] = activated.slice(-2);
  if (older === undefined || previous === undefined) {
    throw new Error(`network: layer ${layer} has no inputs`);
  }
  const prefix = `layer_${layer}`;
  const s0 = block(pass, previous, `${prefix}.scale_s0`, false);
  const s1 = block(pass, older, `${prefix}.scale_s1`, false);
  tape.release([older]);
  const nodes = plan.genotype.cells[layer]?.nodes.length ?? 0;
  const edges = edgesOfLayer(plan, layer);
  return runFixedCell({ tape, parameters, normalise, prefix, edges, nodes, wantsRaw }, s1, s0);
}

/** Predicts the noise `[B, H, W, 1]` from the endpoint and the activated last layer. */
function decode(pass: NetworkPass, endpoint: Value, last: Value): Value {
  const { tape, parameters } = pass;
  const skip = block(pass, endpoint, "decoder.endpoint", true);
  const deep = block(pass, last, "decoder.pre", true);
  tape.release([endpoint, last]);
  const joined = concatenate(tape, [skip, deep]);
  tape.release([skip, deep]);
  const twice = separable(pass, separable(pass, joined, "decoder.sep_1"), "decoder.sep_2");
  const output = convolve(tape, twice, parameterOf(parameters, "decoder.output.conv"));
  return addBias(tape, output, parameterOf<Tensor1D>(parameters, "decoder.output.bias"));
}

/** A depthwise and a pointwise convolution, each normalised and activated. Nothing else reads `x`, so it is freed. */
function separable({ tape, parameters, normalise }: NetworkPass, x: Value, prefix: string): Value {
  const spread = convolveDepthwise(tape, x, parameterOf(parameters, `${prefix}.depthwise`));
  tape.release([x]);
  const filtered = normalise(spread, `${prefix}.depthwise.bn`, true);
  const mixed = convolve(tape, filtered, parameterOf(parameters, `${prefix}.pointwise`));
  tape.release([filtered]);
  return normalise(mixed, `${prefix}.pointwise.bn`, true);
}

function block({ tape, parameters, normalise }: NetworkPass, x: Value, prefix: string, activate: boolean): Value {
  return tape.scope(() =>
    normalise(convolve(tape, x, parameterOf(parameters, `${prefix}.conv`)), `${prefix}.bn`, activate),
  );
}

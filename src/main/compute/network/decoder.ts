import type { Tensor1D } from "@tensorflow/tfjs-core";

import { addBias, concatenate } from "#main/compute/layers/combine.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { block, decoderStage, trim } from "./networkPass.ts";
import type { NetworkPass } from "./networkPass.ts";

/** The decoder's skip branch: reduces the endpoint, which covers the area of a stage and which nobody else reads. */
export function runSkipBranch(pass: NetworkPass, endpoint: Value, stage: number): Value {
  const skip = block(pass, endpoint, "decoder.endpoint", true);
  pass.tape.release([endpoint]);
  return trim(pass, skip, stage, decoderStage(pass.plan));
}

/** Predicts the noise `[B, H, W, 1]` from the skip branch and the activated last layer. */
export function decode(pass: NetworkPass, skip: Value, last: Value): Value {
  const { tape, parameters, plan } = pass;
  const decoder = decoderStage(plan);
  const near = trim(pass, last, decoder - 1, decoder);
  const deep = block(pass, near, "decoder.pre", true);
  tape.release([near]);
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

import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import type { Affine } from "#main/compute/layers/batchNorm.ts";
import { addBias, concatenate } from "#main/compute/layers/combine.ts";
import { convolve, convolveDepthwise } from "#main/compute/layers/convolution.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

/** Dilation of the atrous branch (science notes 1.4). */
const ATROUS_RATE = 16;

type Parameters = ReadonlyMap<string, Value<Tensor>>;

/** Predicts the noise `[B, H, W, C]` from the last layer's outputs, one per width level (science notes 1.4). */
export function decode(tape: Tape, levels: readonly Value[], parameters: Parameters): Value {
  const projected = levels.map((value, level) => tape.scope(() => decodeLevel(tape, value, level, parameters)));
  const joined = concatenate(tape, projected);
  const merged = normActivate(tape, convolve(tape, joined, parameterOf(parameters, "decoder.merge.conv")));
  const output = convolve(tape, merged, parameterOf(parameters, "decoder.output.conv"));
  return addBias(tape, output, parameterOf<Tensor1D>(parameters, "decoder.output.bias"));
}

function decodeLevel(tape: Tape, x: Value, level: number, parameters: Parameters): Value {
  const prefix = `decoder.aspp_${level}`;
  const get = (name: string): Value => parameterOf(parameters, `${prefix}.${name}`);
  const spread = convolveDepthwise(tape, x, get("atrous.depthwise"), ATROUS_RATE);
  const filtered = normActivate(tape, spread, affineOf(parameters, `${prefix}.atrous.depthwise.bn`));
  const atrous = convolve(tape, filtered, get("atrous.pointwise"));
  const far = normActivate(tape, atrous, affineOf(parameters, `${prefix}.atrous.pointwise.bn`));
  const near = normActivate(tape, convolve(tape, x, get("pointwise.conv")));
  const joined = concatenate(tape, [far, near]);
  return normActivate(tape, convolve(tape, joined, get("project.conv")));
}

function normActivate(tape: Tape, x: Value, affine: Affine | null = null): Value {
  return batchNorm(tape, x, { affine, activate: true });
}

function affineOf(parameters: Parameters, prefix: string): Affine {
  return {
    gamma: parameterOf<Tensor1D>(parameters, `${prefix}.gamma`),
    beta: parameterOf<Tensor1D>(parameters, `${prefix}.beta`),
  };
}

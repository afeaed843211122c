import type { Tensor } from "@tensorflow/tfjs-core";

import { convolve } from "#main/compute/layers/convolution.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";

import type { Normalise } from "./normalise.ts";
import type { NetworkPlan } from "./structure.ts";

/** What one pass through a derived network works with. */
export interface NetworkPass {
  readonly tape: ForwardTape;
  readonly plan: NetworkPlan;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly normalise: Normalise;
  /** Cuts away what the rest of a tile's way does not need; a training has none. */
  readonly trim?: Trim;
}

/**
 * Cuts what covers the area of one stage to that of a later one and frees nothing. Stage 0 are the noisy picture and the
 * stems, then come the layers, the decoder and the output.
 */
export type Trim = (x: Value, from: number, to: number) => Value;

/** A convolution, normalised, and activated if asked. */
export function block(
  { tape, parameters, normalise }: NetworkPass,
  x: Value,
  prefix: string,
  activate: boolean,
): Value {
  return tape.scope(() =>
    normalise(convolve(tape, x, parameterOf(parameters, `${prefix}.conv`)), `${prefix}.bn`, activate),
  );
}

/** Trims what nobody else reads. */
export function trim(pass: NetworkPass, x: Value, from: number, to: number): Value {
  if (pass.trim === undefined) return x;
  const trimmed = pass.trim(x, from, to);
  pass.tape.release([x]);
  return trimmed;
}

/** The stage of a layer. */
export function stageOf(layer: number): number {
  return layer + 1;
}

/** The stage of the decoder, after which only the output comes. */
export function decoderStage({ genotype }: NetworkPlan): number {
  return stageOf(genotype.cells.length);
}

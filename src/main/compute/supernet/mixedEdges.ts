import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { type Primitive, specOf } from "#shared/space/cells/primitives.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import { add, split } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { applyMask } from "#main/compute/layers/mask.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";
import { weightedNormSum } from "#main/compute/layers/weightedNormSum.ts";
import type { WeightedTerm } from "#main/compute/layers/weightedNormSum.ts";
import { runPrimitive } from "#main/compute/ops/runPrimitive.ts";

/** Everything a cell reads by name: its two inputs, its parameters, and its op weights. */
export type CellInputs = ReadonlyMap<string, Value<Tensor>>;

/** What the mixed ops of a cell have in common: their primitives, and the cell's channels without padding. */
export interface MixedOps extends Pick<SearchSpace, "offsetLimitPx"> {
  readonly primitives: readonly Primitive[];
  readonly channels: number;
}

/** The name under which a primitive's op weights on the edges from one state are found. */
export function opWeightName(from: string, primitive: Primitive): string {
  return `from_${from}.${primitive}.op_weight`;
}

/** The name under which the noise is found that the edges from one state may take instead of it. */
export function noiseName(from: string): string {
  return `from_${from}.noise`;
}

/** The name under which the mask is found that drops outputs of the skips on the edges from one state, where there is one. */
export function skipMaskName(from: string): string {
  return `from_${from}.skip_mask`;
}

/** The names under which the filters are found that part the channels from one state, and put them together again. */
export function partialNames(from: string): {
  readonly taking: string;
  readonly putting: string;
  readonly bypass: string;
} {
  return { taking: `from_${from}.taking`, putting: `from_${from}.putting`, bypass: `from_${from}.bypass` };
}

/** Puts what mixed ops gave `[B, H, W, edges * M]` and the channels that passed by together: `[B, H, W, edges * C]`. */
function joinBypass(tape: Tape, state: Value, mixed: Value, from: string, inputs: CellInputs): Value {
  const names = partialNames(from);
  const parts = [
    convolve(tape, mixed, parameterOf(inputs, names.putting)),
    convolve(tape, state, parameterOf(inputs, names.bypass)),
  ];
  const joined = add(tape, parts);
  tape.discard(parts);
  return joined;
}

/** Copies a state `[B, H, W, C]` to all edges that leave it, times their op weights, less what a mask drops: `[B, H, W, edges * C]`. */
function runSkip(tape: Tape, x: Value, filter: Value, from: string, inputs: CellInputs): Value {
  const copies = convolve(tape, x, filter);
  if (!inputs.has(skipMaskName(from))) return copies;
  const masked = applyMask(tape, copies, parameterOf(inputs, skipMaskName(from)));
  tape.discard([copies]);
  return masked;
}

/**
 * Runs the mixed ops of all edges that leave one state `[B, H, W, C]` and returns one contribution `[B, H, W, C]` per
 * edge. The edges of a primitive share one convolution with their filters side by side (same numbers, 3 to 5 times
 * faster), and the activation before the ops is computed once.
 */
export function mixedEdges(
  tape: Tape,
  state: Value,
  from: string,
  edges: number,
  cell: MixedOps,
  inputs: CellInputs,
): Value[] {
  return tape.scope(() => {
    const names = partialNames(from);
    const isPartial = inputs.has(names.taking);
    const x = isPartial ? convolve(tape, state, parameterOf(inputs, names.taking)) : state;
    const activated = leakyRelu(tape, x);
    const terms: WeightedTerm[] = [];
    const plain: Value[] = [];
    for (const primitive of cell.primitives) {
      const spec = specOf(primitive);
      if (spec.kind === "identity") {
        plain.push(runSkip(tape, x, parameterOf(inputs, opWeightName(from, primitive)), from, inputs));
      } else if (spec.kind === "noise") {
        terms.push({
          x: parameterOf(inputs, noiseName(from)),
          weight: parameterOf<Tensor1D>(inputs, opWeightName(from, primitive)),
        });
      } else if (spec.kind === "computed") {
        const output = runPrimitive(spec, {
          tape,
          activated,
          channels: cell.channels,
          offsetLimitPx: cell.offsetLimitPx,
          parameter: (name) => parameterOf(inputs, `from_${from}.${primitive}.${name}`),
          normaliseAndActivate: (y) => batchNorm(tape, y, { activate: true }),
        });
        terms.push({ x: output, weight: parameterOf<Tensor1D>(inputs, opWeightName(from, primitive)) });
      }
    }
    const mixed = weightedNormSum(tape, terms, plain);
    tape.discard(plain);
    const total = isPartial ? joinBypass(tape, state, mixed, from, inputs) : mixed;
    const contributions = split(tape, total, edges);
    tape.discard([total]);
    return contributions;
  });
}

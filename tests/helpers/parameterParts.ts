import { layParameters, storedShape } from "#main/compute/layers/parameters.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

import type { Part } from "./finiteDifferences.ts";

/** Says where each parameter lies in the stored vector. */
export function partsOf(specs: readonly ParameterSpec[]): Part[] {
  let from = 0;
  return specs.map((spec) => {
    const to = from + sizeOfShape(storedShape(spec));
    const part = { name: spec.name, from, to };
    from = to;
    return part;
  });
}

/** Returns a stored vector that is 1 where numbers count and 0 where they only fill up. */
export function maskOf(specs: readonly ParameterSpec[]): Float32Array<ArrayBuffer> {
  return layParameters(specs, ({ shape }) => new Array<number>(sizeOfShape(shape)).fill(1));
}

/** Returns the largest number, without its sign, at the places that only fill up. */
export function largestPadding(specs: readonly ParameterSpec[], stored: ArrayLike<number>): number {
  return maskOf(specs).reduce(
    (largest, counts, i) => Math.max(largest, counts === 1 ? 0 : Math.abs(stored[i] ?? NaN)),
    0,
  );
}

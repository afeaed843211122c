import type { StateEdges } from "#shared/space/cells/stateEdges.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { ENGINE_MB } from "#shared/space/graph/memoryModel.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { fuseEdges, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

import type { SearchSpace } from "./searchSpace.ts";

/** A cell of a supernet, of whatever space. */
export interface SearchedCell {
  readonly layer: number;
  readonly level: number;
  /** Begins the names of its parameters. */
  readonly prefix: string;
  readonly channels: number;
  readonly states: readonly StateEdges[];
}

/** Lists the filters of all mixed ops of a cell. */
export function cellParameters(space: SearchSpace, { prefix, channels, states }: SearchedCell): ParameterSpec[] {
  return states.flatMap(({ from, edges }) =>
    space.primitives.flatMap((primitive) =>
      primitiveParameters(specOf(primitive), channels).map((parameter) =>
        fuseEdges(parameter, `${prefix}.from_${from}.${primitive}.${parameter.name}`, edges.length),
      ),
    ),
  );
}

/** Counts the primitives of an edge that leave values in memory. */
export function filledPrimitives({ primitives }: SearchSpace): number {
  return primitives.filter((primitive) => specOf(primitive).kind !== "zero").length;
}

/** Values per pixel at the layers' resolution that a step leaves: in each cell and around it, and in stem and decoder. */
interface SupernetValues {
  readonly cells: readonly { readonly ops: number; readonly around: number }[];
  readonly around: number;
  readonly recompute: boolean;
  /** Of a batch. */
  readonly pixels: number;
}

/** Values kept per output of an op until the backward pass: the convolution's, the norm's, and their gradients. */
const COPIES = 3;
const BYTES_PER_NUMBER = 4;

/** Estimates the resident memory in MB of a search step; where cells are recomputed only the widest one's insides are there at once. */
export function supernetMemoryOf(
  { unshuffle }: SearchSpace,
  { cells, around, recompute, pixels }: SupernetValues,
): number {
  const ops = cells.map((cell) => cell.ops);
  const inCells = (recompute ? Math.max(...ops) : sum(ops)) + sum(cells.map((cell) => cell.around));
  return ENGINE_MB + ((around + inCells) * COPIES * BYTES_PER_NUMBER * pixels) / 1e6 / unshuffle ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

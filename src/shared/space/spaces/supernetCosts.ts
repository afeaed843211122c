import type { StateEdges } from "#shared/space/cells/stateEdges.ts";
import { type Primitive, specOf } from "#shared/space/cells/primitives.ts";
import { ENGINE_MB } from "#shared/space/graph/memoryModel.ts";
import type { ParameterSpec } from "#shared/space/graph/parameters.ts";
import { fuseEdges, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import { deformableGroups, tapMapChannels } from "#shared/space/graph/tapMap.ts";

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

/** Channels that go through the mixed ops of a cell of `channels` channels. */
export function mixedChannels({ partialChannels }: Pick<SearchSpace, "partialChannels">, channels: number): number {
  return Math.max(1, Math.floor(channels / partialChannels));
}

/** Lists the filters of all mixed ops of a cell. */
export function cellParameters(space: SearchSpace, { prefix, states, ...cell }: SearchedCell): ParameterSpec[] {
  const channels = mixedChannels(space, cell.channels);
  return states.flatMap(({ from, edges }) =>
    space.primitives.flatMap((primitive) =>
      primitiveParameters(specOf(primitive), channels).map((parameter) =>
        fuseEdges(parameter, `${prefix}.from_${from}.${primitive}.${parameter.name}`, edges.length),
      ),
    ),
  );
}

/** Counts the values per pixel that the primitives of an edge leave in memory, in a cell of so many channels. */
export function edgeValues(space: SearchSpace, channels: number): number {
  const mixed = mixedChannels(space, channels);
  // What is put together again of the mixed channels and the others.
  const joined = mixed === channels ? 0 : 2 * channels;
  return sum(space.primitives.map((primitive) => primitiveValues(primitive, mixed))) + joined;
}

/** A filter's output; a deformable one has where its taps go besides. */
function primitiveValues(primitive: Primitive, channels: number): number {
  const spec = specOf(primitive);
  if (spec.kind === "zero") return 0;
  const deformable = spec.kind === "computed" ? spec.stages.filter(({ kind }) => kind === "deformable") : [];
  return channels + sum(deformable.map(({ side }) => tapMapChannels(side, deformableGroups(channels))));
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

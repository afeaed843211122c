import type { Cost } from "#shared/space/graph/costModel.ts";
import { doorChannels, outputChannels } from "#shared/space/graph/frame.ts";
import {
  countParameters,
  filterSpec,
  type ParameterSpec,
  sizeOfShape,
  vectorSpec,
} from "#shared/space/graph/parameters.ts";
import { cellParameters, edgeValues, supernetMemoryOf } from "#shared/space/spaces/supernetCosts.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { placesOf, streamChannels } from "./places.ts";
import { type ScalesCell, supernetCells } from "./supernetCells.ts";

/** Every place adds values of size one to the stream: the search begins where next to none of them is taken for noise. */
const OUTPUT_GAIN = 0.1;

/** Parameters that work at one resolution: how many pixels of the picture one of theirs is wide. */
interface AtScale {
  readonly scale: number;
  readonly specs: readonly ParameterSpec[];
}

/** Lists every parameter of the supernet of a U, in a fixed order. */
export function supernetParameters(space: SearchSpace): ParameterSpec[] {
  return parametersAtScales(space).flatMap(({ specs }) => specs);
}

/** Counts the supernet of a U: the weight variables, and multiply-adds of all convolutions per pixel of the picture. */
export function supernetCost(space: SearchSpace): Cost {
  const parts = parametersAtScales(space);
  const perPixel = parts.map(({ scale, specs }) => {
    const filters = specs.filter(({ shape }) => shape.length > 1);
    return filters.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0) / scale ** 2;
  });
  const multiplyAddsPerPixel = perPixel.reduce((sum, each) => sum + each, 0);
  return { parameters: countParameters(parts.flatMap(({ specs }) => specs)), multiplyAddsPerPixel };
}

/** Estimates the resident memory in MB of a search step over `pixels` pixels of a batch, as the space of widths does. */
export function supernetMemoryMb(space: SearchSpace, recompute: boolean, pixels: number): number {
  const cells = supernetCells(space).map(({ channels, states, place }) => ({
    ops: (states.flatMap(({ edges }) => edges).length * edgeValues(space, channels)) / 4 ** place.scale,
    around: ((space.nodes + 2) * channels + streamChannels(space.stemChannels, place.scale)) / 4 ** place.scale,
  }));
  return supernetMemoryOf(space, { cells, around: 2 * space.stemChannels, recompute, pixels });
}

function parametersAtScales(space: SearchSpace): AtScale[] {
  const { stemChannels, unshuffle } = space;
  const cells = supernetCells(space);
  const places = placesOf(space.layers).flatMap((place) => {
    const scale = unshuffle * 2 ** place.scale;
    const before = placesOf(space.layers)[place.layer - 1];
    const move = before === undefined ? [] : [moveParameters(space, place.layer, before.scale, place.scale)];
    const own = cells.filter(({ layer }) => layer === place.layer);
    return [...move, { scale, specs: own.flatMap((cell) => placeParameters(space, cell)) }];
  });
  return [
    { scale: unshuffle, specs: plainParameters("stem", 3, doorChannels(space), stemChannels) },
    ...places,
    { scale: unshuffle, specs: plainParameters("decoder.output", 3, stemChannels, outputChannels(space), OUTPUT_GAIN) },
  ];
}

function plainParameters(name: string, side: number, input: number, output: number, gain = 1): ParameterSpec[] {
  return [filterSpec(`${name}.conv`, side, input, output, gain), vectorSpec(`${name}.bias`, output, "zeros")];
}

/** Both ways work on the pixels of the smaller scale. */
function moveParameters(space: SearchSpace, layer: number, from: number, to: number): AtScale {
  const [input, output] = [streamChannels(space.stemChannels, from), streamChannels(space.stemChannels, to)];
  const isDown = to > from;
  const specs = isDown
    ? plainParameters(`layer_${layer}.down`, 1, 4 * input, output)
    : plainParameters(`layer_${layer}.up`, 1, input, 4 * output);
  return { scale: space.unshuffle * 2 ** Math.max(from, to), specs };
}

function placeParameters(space: SearchSpace, cell: ScalesCell): ParameterSpec[] {
  const stream = streamChannels(space.stemChannels, cell.place.scale);
  const input = { groups: 1, channels: cell.channels };
  return [
    filterSpec(`${cell.prefix}.scale_s0.conv`, 1, stream, input),
    filterSpec(`${cell.prefix}.scale_s1.conv`, 1, stream, input),
    ...cellParameters(space, cell),
    filterSpec(`${cell.prefix}.join.conv`, 1, { groups: space.nodes, channels: cell.channels }, stream),
  ];
}

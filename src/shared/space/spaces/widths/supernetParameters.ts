import type { Cost } from "#shared/space/graph/costModel.ts";
import { doorChannels, outputChannels } from "#shared/space/graph/frame.ts";
import {
  affineSpecs,
  type ChannelGroups,
  countChannels,
  countParameters,
  depthwiseSpec,
  filterSpec,
  type ParameterSpec,
  sizeOfShape,
  vectorSpec,
} from "#shared/space/graph/parameters.ts";

import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { cellParameters, edgeValues, supernetMemoryOf } from "#shared/space/spaces/supernetCosts.ts";
import { type SupernetCell, supernetCells } from "./supernetCells.ts";
import { channelsOfLevel, levelCountOfLayer } from "./widthLevels.ts";

/** Lists every parameter of the supernet of `space`, in a fixed order. */
export function supernetParameters(space: SearchSpace): ParameterSpec[] {
  const cells = supernetCells(space).flatMap((cell) => [
    ...routerParameters(space, cell),
    ...widenParameters(space, cell),
    ...cell.runs.flatMap((run) => cellParameters(space, run)),
  ]);
  return [...stemParameters(space), ...cells, ...decoderParameters(space)];
}

/**
 * Counts the supernet of a search space (science notes 1.3 and 1.4): the weight variables without alpha and beta, and
 * multiply-adds of all convolutions per pixel of the picture.
 */
export function supernetCost(space: SearchSpace): Cost {
  const specs = supernetParameters(space);
  // Every filter runs once at each pixel of the layers; what has one axis only are norms and biases.
  const filters = specs.filter(({ shape }) => shape.length > 1);
  const multiplyAdds = sum(filters.map(({ shape }) => sizeOfShape(shape)));
  return { parameters: countParameters(specs), multiplyAddsPerPixel: multiplyAdds / space.unshuffle ** 2 };
}

/**
 * Estimates the resident memory in MB of a search step over `pixels` pixels of a batch, within a factor of about one and a half:
 * every primitive of every edge of every cell, where with recomputing only the widest cell's are there at once, and what
 * stem, ways into the cells and decoder leave.
 */
export function supernetMemoryMb(space: SearchSpace, recompute: boolean, pixels: number): number {
  const cells = supernetCells(space).flatMap(({ channels, states, routes, widen, runs }) => {
    const ways = routes.length + (widen === null ? 0 : 1);
    return runs.map((_, run) => ({
      ops: states.flatMap(({ edges }) => edges).length * edgeValues(space, channels),
      around: ((run === 0 ? ways : 0) + space.nodes) * channels,
    }));
  });
  return supernetMemoryOf(space, { cells, around: stemValues(space) + decoderValues(space), recompute, pixels });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Values per pixel that the stem's three convolutions leave. */
function stemValues(space: SearchSpace): number {
  return space.stemChannels + countChannels(cellOutput(space, 0)) + countChannels(cellInput(space, 0));
}

/** Values per pixel of the decoder: four convolutions for each width level, and the one that merges the levels. */
function decoderValues(space: SearchSpace): number {
  const merged = countChannels(cellOutput(space, 0));
  const levels = levelCountOfLayer(space.layers - 1, space.widthFactors.length);
  const branches = Array.from({ length: levels }, (_, level) => countChannels(cellOutput(space, level)) + 3 * merged);
  return sum(branches) + levels * merged;
}

function stemParameters(space: SearchSpace): ParameterSpec[] {
  const { stemChannels } = space;
  return [
    filterSpec("stem_1.conv", 3, doorChannels(space), stemChannels),
    filterSpec("stem_2.conv", 3, stemChannels, cellOutput(space, 0)),
    filterSpec("stem_skip.conv", 3, stemChannels, cellInput(space, 0)),
  ];
}

/** What a cell at a width level reads. */
function cellInput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: 1, channels: channelsOfLevel(space, level) };
}

/** What a cell at a width level leaves: its nodes side by side. */
function cellOutput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: space.nodes, channels: channelsOfLevel(space, level) };
}

function routerParameters(space: SearchSpace, { level, routes }: SupernetCell): ParameterSpec[] {
  return routes.map(({ from, filter }) => filterSpec(filter, 1, cellOutput(space, from), cellInput(space, level)));
}

function widenParameters(space: SearchSpace, { level, widen }: SupernetCell): ParameterSpec[] {
  return widen === null ? [] : [filterSpec(widen.filter, 1, cellInput(space, widen.from), cellInput(space, level))];
}

function decoderParameters(space: SearchSpace): ParameterSpec[] {
  const merged = { groups: 1, channels: space.nodes * channelsOfLevel(space, 0) };
  const levels = levelCountOfLayer(space.layers - 1, space.widthFactors.length);
  const all = { ...merged, groups: levels };
  return [
    ...Array.from({ length: levels }, (_, level) => {
      const input = cellOutput(space, level);
      const prefix = `decoder.aspp_${level}`;
      return [
        filterSpec(`${prefix}.pointwise.conv`, 1, input, merged),
        depthwiseSpec(`${prefix}.atrous.depthwise`, 3, input),
        ...affineSpecs(`${prefix}.atrous.depthwise.bn`, input),
        filterSpec(`${prefix}.atrous.pointwise`, 1, input, merged),
        ...affineSpecs(`${prefix}.atrous.pointwise.bn`, merged),
        filterSpec(`${prefix}.project.conv`, 1, { ...merged, groups: 2 }, merged),
      ];
    }).flat(),
    filterSpec("decoder.merge.conv", 3, all, all),
    filterSpec("decoder.output.conv", 3, all, outputChannels(space)),
    vectorSpec("decoder.output.bias", outputChannels(space), "zeros"),
  ];
}

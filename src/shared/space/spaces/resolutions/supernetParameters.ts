import type { Cost } from "#shared/space/graph/costModel.ts";
import { doorChannels, outputChannels } from "#shared/space/graph/frame.ts";
import {
  type ChannelGroups,
  countChannels,
  countParameters,
  filterSpec,
  type ParameterSpec,
  sizeOfShape,
  vectorSpec,
} from "#shared/space/graph/parameters.ts";
import { cellParameters, edgeValues, supernetMemoryOf } from "#shared/space/spaces/supernetCosts.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { type SupernetCell, supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";
import { channelsOfLevel, levelCountOfLayer } from "#shared/space/spaces/widths/widthLevels.ts";

/** Parameters that work at one resolution: how often the layers' picture was halved before. */
interface AtLevel {
  readonly level: number;
  readonly specs: readonly ParameterSpec[];
}

/** Pixels of a 2x2 block, which become channels on the way down. */
const BLOCK_PIXELS = 4;

/** Lists every parameter of the supernet of resolutions, in a fixed order. */
export function supernetParameters(space: SearchSpace): ParameterSpec[] {
  return parametersAtLevels(space).flatMap(({ specs }) => specs);
}

/** Counts the supernet of resolutions: the weight variables, and multiply-adds of all convolutions per pixel of the picture. */
export function supernetCost(space: SearchSpace): Cost {
  const parts = parametersAtLevels(space);
  const perPixel = parts.map(({ level, specs }) => {
    const filters = specs.filter(({ shape }) => shape.length > 1);
    return filters.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0) / 4 ** level;
  });
  return {
    parameters: countParameters(parts.flatMap(({ specs }) => specs)),
    multiplyAddsPerPixel: perPixel.reduce((sum, each) => sum + each, 0) / space.unshuffle ** 2,
  };
}

/** Estimates the resident memory in MB of a search step over `pixels` pixels of a batch, as the space of widths does. */
export function supernetMemoryMb(space: SearchSpace, recompute: boolean, pixels: number): number {
  const cells = supernetCells(space).flatMap(({ level, channels, states, routes, widen, runs }) => {
    // What comes up is there twice: before it is enlarged, at a quarter of the pixels, and after.
    const ways = 2 * routes.length + (widen === null ? 0 : 1);
    return runs.map((_, run) => ({
      ops: (states.flatMap(({ edges }) => edges).length * edgeValues(space, channels)) / 4 ** level,
      around: (((run === 0 ? ways : 0) + space.nodes) * channels) / 4 ** level,
    }));
  });
  const finest = countChannels(cellOutput(space, 0));
  const around = space.stemChannels + finest + countChannels(cellInput(space, 0)) + 2 * lastLevels(space) * finest;
  return supernetMemoryOf(space, { cells, around, recompute, pixels });
}

/** The levels that the last layer works at. */
function lastLevels({ layers, widthFactors }: SearchSpace): number {
  return levelCountOfLayer(layers - 1, widthFactors.length);
}

function parametersAtLevels(space: SearchSpace): AtLevel[] {
  const { stemChannels } = space;
  const stem = [
    filterSpec("stem_1.conv", 3, doorChannels(space), stemChannels),
    filterSpec("stem_2.conv", 3, stemChannels, cellOutput(space, 0)),
    filterSpec("stem_skip.conv", 3, stemChannels, cellInput(space, 0)),
  ];
  const cells = supernetCells(space).flatMap((cell): AtLevel[] => [
    ...cell.routes.map(({ from, filter }) => wayParameters(space, { filter, from, level: cell.level }, cellOutput)),
    ...widenParameters(space, cell),
    { level: cell.level, specs: cell.runs.flatMap((run) => cellParameters(space, run)) },
  ]);
  return [{ level: 0, specs: stem }, ...cells, ...decoderParameters(space)];
}

interface Way {
  readonly filter: string;
  readonly from: number;
  readonly level: number;
}

/** A 1x1 filter: of blocks of 2x2 pixels on the way down, of the small picture on the way up. */
function wayParameters(
  space: SearchSpace,
  { filter, from, level }: Way,
  formOf: (space: SearchSpace, level: number) => ChannelGroups,
): AtLevel {
  const { groups, channels } = formOf(space, from);
  const input = from < level ? { groups: BLOCK_PIXELS * groups, channels } : { groups, channels };
  return { level: Math.max(from, level), specs: [filterSpec(filter, 1, input, cellInput(space, level))] };
}

function widenParameters(space: SearchSpace, { level, widen }: SupernetCell): AtLevel[] {
  return widen === null ? [] : [wayParameters(space, { ...widen, level }, cellInput)];
}

/** Each level brought to the channels of the finest one, and two convolutions of all levels side by side. */
function decoderParameters(space: SearchSpace): AtLevel[] {
  const merged = { groups: 1, channels: countChannels(cellOutput(space, 0)) };
  const levels = lastLevels(space);
  const output = outputChannels(space);
  return [
    ...Array.from({ length: levels }, (_, level) => ({
      level,
      specs: [filterSpec(`decoder.level_${level}.conv`, 1, cellOutput(space, level), merged)],
    })),
    {
      level: 0,
      specs: [
        filterSpec("decoder.merge.conv", 3, { ...merged, groups: levels }, merged),
        filterSpec("decoder.output.conv", 3, merged, output),
        vectorSpec("decoder.output.bias", output, "zeros"),
      ],
    },
  ];
}

/** What a cell at a level reads. */
function cellInput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: 1, channels: channelsOfLevel(space, level) };
}

/** What a cell at a level leaves: its nodes side by side. */
function cellOutput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: space.nodes, channels: channelsOfLevel(space, level) };
}

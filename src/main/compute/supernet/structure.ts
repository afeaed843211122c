import { channelsOfLevel, levelCountOfLayer, sourceLevelCount } from "#shared/space/spaces/widths/widthLevels.ts";
import type { SearchSpace } from "#shared/space/spaces/widths/searchSpace.ts";

import type { ChannelGroups } from "#main/compute/layers/channelPadding.ts";
import { affineSpecs, depthwiseSpec, filterSpec } from "#main/compute/layers/filterSpecs.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import { fuseEdges } from "#main/compute/ops/op.ts";
import { OP_TABLE } from "#main/compute/ops/opTable.ts";

import { edgesByState } from "./stateEdges.ts";

/** Channels of the stem's first convolution (science notes 1.4). */
export const STEM_CHANNELS = 64;

/** Dilation of the decoder's atrous branch (science notes 1.4). */
export const ATROUS_RATE = 16;

/** Grey pictures in and out. */
export const IMAGE_CHANNELS = 1;

/** Lists every parameter of the supernet of `space`, in a fixed order. */
export function supernetParameters(space: SearchSpace): ParameterSpec[] {
  return [...stemParameters(space), ...layerParameters(space), ...decoderParameters(space)];
}

/** The prefix of the parameters of the cell at one layer and width level. */
export function cellPrefix(layer: number, level: number): string {
  return `cell.layer_${layer}.width_${level}`;
}

/** The name of the router convolution that feeds `layer` from width level `from` at level `to`. */
export function routerName(layer: number, from: number, to: number): string {
  return `router.layer_${layer}.width_${from}.to_${to}.conv`;
}

/** The width levels of the previous layer that reach level `to` of `layer`, ascending. */
export function sourceLevels(space: SearchSpace, layer: number, to: number): number[] {
  const sources = sourceLevelCount(layer, space.widthFactors.length);
  return [to - 1, to, to + 1].filter((level) => level >= 0 && level < sources);
}

function stemParameters(space: SearchSpace): ParameterSpec[] {
  return [
    filterSpec("stem_1.conv", 3, IMAGE_CHANNELS, STEM_CHANNELS),
    filterSpec("stem_2.conv", 3, STEM_CHANNELS, cellOutput(space, 0)),
    filterSpec("stem_skip.conv", 3, STEM_CHANNELS, cellInput(space, 0)),
  ];
}

function layerParameters(space: SearchSpace): ParameterSpec[] {
  return Array.from({ length: space.layers }, (_, layer) => {
    const owned = levelCountOfLayer(layer, space.widthFactors.length);
    return Array.from({ length: owned }, (_, level) => [
      ...routerParameters(space, layer, level),
      ...widenParameters(space, layer, level),
      ...cellParameters(space, layer, level),
    ]).flat();
  }).flat();
}

/** What a cell at a width level reads. */
function cellInput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: 1, channels: channelsOfLevel(space, level) };
}

/** What a cell at a width level leaves: its nodes side by side. */
function cellOutput(space: SearchSpace, level: number): ChannelGroups {
  return { groups: space.nodes, channels: channelsOfLevel(space, level) };
}

function routerParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  return sourceLevels(space, layer, level).map((from) =>
    filterSpec(routerName(layer, from, level), 1, cellOutput(space, from), cellInput(space, level)),
  );
}

/** A width level that first appears at this layer has no older input: it is widened from the next narrower one. */
export function isWidened(layer: number, level: number): boolean {
  return level === layer + 1;
}

function widenParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  return isWidened(layer, level)
    ? [filterSpec(`widen_${level}.conv`, 1, cellInput(space, level - 1), cellInput(space, level))]
    : [];
}

function cellParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  const channels = channelsOfLevel(space, level);
  return edgesByState(space.nodes).flatMap(({ from, edges }) =>
    space.primitives.flatMap((primitive) => {
      const op = OP_TABLE[primitive];
      const prefix = `${cellPrefix(layer, level)}.from_${from}.${primitive}`;
      return op.kind !== "computed"
        ? []
        : op.parameters(channels).map((parameter) => fuseEdges(parameter, `${prefix}.${parameter.name}`, edges.length));
    }),
  );
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
    filterSpec("decoder.output.conv", 3, all, IMAGE_CHANNELS),
    { name: "decoder.output.bias", shape: [IMAGE_CHANNELS], channelAxes: [], initialisation: "zeros" },
  ];
}

import { channelsOfLevel, levelCountOfLayer, sourceLevelCount } from "#shared/space/widthLevels.ts";
import type { SearchSpace } from "#shared/space/searchSpace.ts";

import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import { fusedShape } from "#main/compute/ops/op.ts";
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
  const narrow = channelsOfLevel(space, 0);
  return [
    filter("stem_1.conv", 3, IMAGE_CHANNELS, STEM_CHANNELS),
    filter("stem_2.conv", 3, STEM_CHANNELS, narrow * space.nodes),
    filter("stem_skip.conv", 3, STEM_CHANNELS, narrow),
  ];
}

function layerParameters(space: SearchSpace): ParameterSpec[] {
  const levels = space.widthFactors.length;
  return Array.from({ length: space.layers }, (_, layer) => {
    const owned = levelCountOfLayer(layer, levels);
    return Array.from({ length: owned }, (_, level) => [
      ...routerParameters(space, layer, level),
      ...widenParameters(space, layer, level),
      ...cellParameters(space, layer, level),
    ]).flat();
  }).flat();
}

function routerParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  return sourceLevels(space, layer, level).map((from) =>
    filter(
      routerName(layer, from, level),
      1,
      channelsOfLevel(space, from) * space.nodes,
      channelsOfLevel(space, level),
    ),
  );
}

/** A width level that first appears at this layer has no older input: it is widened from the next narrower one. */
export function isWidened(layer: number, level: number): boolean {
  return level === layer + 1;
}

function widenParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  if (!isWidened(layer, level)) {
    return [];
  }
  return [filter(`widen_${level}.conv`, 1, channelsOfLevel(space, level - 1), channelsOfLevel(space, level))];
}

function cellParameters(space: SearchSpace, layer: number, level: number): ParameterSpec[] {
  const channels = channelsOfLevel(space, level);
  return edgesByState(space.nodes).flatMap(({ from, edges }) =>
    space.primitives.flatMap((primitive) => {
      const op = OP_TABLE[primitive];
      return op.kind !== "computed"
        ? []
        : op.parameters(channels).map((parameter) => ({
            name: `${cellPrefix(layer, level)}.from_${from}.${primitive}.${parameter.name}`,
            shape: fusedShape(parameter, edges.length),
            initialisation: { fanIn: parameter.fanIn },
          }));
    }),
  );
}

function decoderParameters(space: SearchSpace): ParameterSpec[] {
  const merged = channelsOfLevel(space, 0) * space.nodes;
  const levels = levelCountOfLayer(space.layers - 1, space.widthFactors.length);
  const all = merged * levels;
  return [
    ...Array.from({ length: levels }, (_, level) => {
      const input = channelsOfLevel(space, level) * space.nodes;
      const prefix = `decoder.aspp_${level}`;
      return [
        filter(`${prefix}.pointwise.conv`, 1, input, merged),
        { name: `${prefix}.atrous.depthwise`, shape: [3, 3, input, 1], initialisation: { fanIn: 9 } },
        ...affine(`${prefix}.atrous.depthwise.bn`, input),
        filter(`${prefix}.atrous.pointwise`, 1, input, merged),
        ...affine(`${prefix}.atrous.pointwise.bn`, merged),
        filter(`${prefix}.project.conv`, 1, 2 * merged, merged),
      ];
    }).flat(),
    filter("decoder.merge.conv", 3, all, all),
    filter("decoder.output.conv", 3, all, IMAGE_CHANNELS),
    { name: "decoder.output.bias", shape: [IMAGE_CHANNELS], initialisation: "zeros" },
  ];
}

function filter(name: string, side: number, input: number, output: number): ParameterSpec {
  return { name, shape: [side, side, input, output], initialisation: { fanIn: side * side * input } };
}

function affine(prefix: string, channels: number): ParameterSpec[] {
  return [
    { name: `${prefix}.gamma`, shape: [channels], initialisation: "ones" },
    { name: `${prefix}.beta`, shape: [channels], initialisation: "zeros" },
  ];
}

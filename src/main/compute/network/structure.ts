import { endpointLayer, channelsOfLevel } from "#shared/space/spaces/widths/widthLevels.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { stateIndex } from "#shared/space/cells/cellGraph.ts";

import type { ChannelGroups } from "#main/compute/layers/channelPadding.ts";
import { affineSpecs, depthwiseSpec, filterSpec, vectorSpec } from "#main/compute/layers/filterSpecs.ts";
import type { Channels } from "#main/compute/layers/filterSpecs.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import { fuseEdges } from "#main/compute/ops/op.ts";
import type { Op } from "#main/compute/ops/op.ts";
import { OP_TABLE } from "#main/compute/ops/opTable.ts";

/** Channel counts that the published network fixes (science notes 1.4). */
const STEM_CHANNELS = 64;
const ENDPOINT_CHANNELS = 48;
const DECODER_CHANNELS = 128;
const IMAGE_CHANNELS = 1;

/** A derived architecture at a size: everything that fixes the network's shape. */
export interface NetworkPlan {
  readonly genotype: Genotype;
  /** Channels of width level 0. */
  readonly filters: number;
}

/** A batch norm by name: its channels, the filter whose output it normalises, and whether it scales and shifts. */
export interface NormSpec {
  readonly name: string;
  readonly channels: Channels;
  readonly filter: string;
  readonly isAffine: boolean;
}

/** A filter, and the batch norm that follows it if any: what nearly the whole network is made of. */
interface Block {
  readonly filter: ParameterSpec;
  readonly norm: NormSpec | null;
}

/** Channels that the cell of a layer works on. */
export function channelsOfLayer({ genotype, filters }: NetworkPlan, layer: number): number {
  const level = genotype.widthPath[layer] ?? 0;
  return channelsOfLevel({ filters, widthFactors: genotype.widthFactors }, level);
}

/** One edge of a layer's cell: the node it enters, the index of the state it reads, and its op. */
export interface CellEdge {
  readonly node: number;
  readonly state: number;
  readonly op: Op;
}

/** The edges of a layer's cell in the order of their ops: by node, strongest first. */
export function edgesOfLayer({ genotype }: NetworkPlan, layer: number): CellEdge[] {
  const nodes = genotype.cells[layer]?.nodes ?? [];
  return nodes.flatMap((edges, node) =>
    edges.map(({ from, primitive }) => ({ node, state: stateIndex(from), op: OP_TABLE[primitive] })),
  );
}

/** Lists every trainable parameter, in a fixed order. */
export function networkParameters(plan: NetworkPlan): ParameterSpec[] {
  return [
    ...blocks(plan).flatMap(({ filter, norm }) => [
      filter,
      ...(norm?.isAffine === true ? affineSpecs(norm.name, norm.channels) : []),
    ]),
    { name: "decoder.output.bias", shape: [IMAGE_CHANNELS], channelAxes: [], initialisation: "zeros" },
  ];
}

/** Lists every batch norm, in a fixed order. */
export function networkNorms(plan: NetworkPlan): NormSpec[] {
  return blocks(plan).flatMap(({ norm }) => (norm === null ? [] : [norm]));
}

/** Lists the running statistics of every batch norm: its mean, then its variance. */
export function networkStatistics(plan: NetworkPlan): ParameterSpec[] {
  return networkNorms(plan).flatMap(({ name, channels }) => [
    vectorSpec(`${name}.mean`, channels, "zeros"),
    vectorSpec(`${name}.variance`, channels, "ones"),
  ]);
}

/** As in the authors' network the reduced stem exists even where the width path does not use it. */
function blocks(plan: NetworkPlan): Block[] {
  const { genotype } = plan;
  return [
    convolution("stem_1", 3, IMAGE_CHANNELS, STEM_CHANNELS),
    convolution("stem_2", 3, STEM_CHANNELS, STEM_CHANNELS),
    convolution("endpoint_reduce", 3, STEM_CHANNELS, reducedStem(plan), false),
    ...genotype.cells.flatMap((_, layer) => layerBlocks(plan, layer)),
    ...decoderBlocks(plan),
  ];
}

function layerBlocks(plan: NetworkPlan, layer: number): Block[] {
  const channels = channelsOfLayer(plan, layer);
  const input = { groups: 1, channels };
  const prefix = `layer_${layer}`;
  return [
    convolution(`${prefix}.scale_s0`, 1, layerOutput(plan, layer - 1), input),
    convolution(`${prefix}.scale_s1`, 1, layerOutput(plan, layer - 2), input),
    ...edgesOfLayer(plan, layer).flatMap(({ op }, index) => opBlocks(op, `${prefix}.op_${index}`, channels)),
  ];
}

function opBlocks(op: Op, prefix: string, channels: number): Block[] {
  if (op.kind !== "computed") {
    return [];
  }
  return op.parameters(channels).map((parameter) => {
    const filter = fuseEdges(parameter, `${prefix}.${parameter.name}`, 1);
    const norm = op.norms.find((candidate) => candidate.filter === parameter.name);
    return {
      filter,
      norm: norm === undefined ? null : normAfter(filter, `${prefix}.${norm.name}`, { groups: 1, channels }),
    };
  });
}

function decoderBlocks(plan: NetworkPlan): Block[] {
  const { cells, widthPath } = plan.genotype;
  const endpoint = endpointLayer(widthPath);
  const joined = ENDPOINT_CHANNELS + DECODER_CHANNELS;
  return [
    convolution("decoder.pre", 1, layerOutput(plan, cells.length - 1), DECODER_CHANNELS),
    convolution(
      "decoder.endpoint",
      1,
      endpoint === null ? reducedStem(plan) : layerOutput(plan, endpoint),
      ENDPOINT_CHANNELS,
    ),
    ...separable("decoder.sep_1", joined, DECODER_CHANNELS),
    ...separable("decoder.sep_2", DECODER_CHANNELS, DECODER_CHANNELS),
    { filter: filterSpec("decoder.output.conv", 3, DECODER_CHANNELS, IMAGE_CHANNELS), norm: null },
  ];
}

/** The stem reduced to what a layer at width level 0 would leave. */
function reducedStem({ genotype, filters }: NetworkPlan): ChannelGroups {
  const channels = channelsOfLevel({ filters, widthFactors: genotype.widthFactors }, 0);
  return { groups: genotype.cells[0]?.nodes.length ?? 0, channels };
}

/** What leaves a layer: its nodes side by side; before the first layer there is the stem. */
function layerOutput(plan: NetworkPlan, layer: number): Channels {
  const cell = plan.genotype.cells[layer];
  return cell === undefined ? STEM_CHANNELS : { groups: cell.nodes.length, channels: channelsOfLayer(plan, layer) };
}

function convolution(prefix: string, side: number, input: Channels, output: Channels, isAffine = true): Block {
  const filter = filterSpec(`${prefix}.conv`, side, input, output);
  return { filter, norm: normAfter(filter, `${prefix}.bn`, output, isAffine) };
}

function separable(prefix: string, input: Channels, output: Channels): Block[] {
  const depthwise = depthwiseSpec(`${prefix}.depthwise`, 3, input);
  const pointwise = filterSpec(`${prefix}.pointwise`, 1, input, output);
  return [
    { filter: depthwise, norm: normAfter(depthwise, `${depthwise.name}.bn`, input) },
    { filter: pointwise, norm: normAfter(pointwise, `${pointwise.name}.bn`, output) },
  ];
}

function normAfter(filter: ParameterSpec, name: string, channels: Channels, isAffine = true): NormSpec {
  return { name, channels, filter: filter.name, isAffine };
}

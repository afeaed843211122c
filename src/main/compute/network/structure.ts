import { endpointLayer, channelsOfLevel } from "#shared/space/widthLevels.ts";
import type { Genotype } from "#shared/space/genotype.ts";
import { stateIndex } from "#shared/space/cellGraph.ts";

import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
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
  readonly channels: number;
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
    ...blocks(plan).flatMap(({ filter, norm }) => [filter, ...(norm === null ? [] : affineParameters(norm))]),
    { name: "decoder.output.bias", shape: [IMAGE_CHANNELS], initialisation: "zeros" },
  ];
}

/** Lists every batch norm, in a fixed order. */
export function networkNorms(plan: NetworkPlan): NormSpec[] {
  return blocks(plan).flatMap(({ norm }) => (norm === null ? [] : [norm]));
}

function affineParameters({ name, channels, isAffine }: NormSpec): ParameterSpec[] {
  return isAffine
    ? [
        { name: `${name}.gamma`, shape: [channels], initialisation: "ones" },
        { name: `${name}.beta`, shape: [channels], initialisation: "zeros" },
      ]
    : [];
}

/** As in the authors' network the reduced stem exists even where the width path does not use it. */
function blocks(plan: NetworkPlan): Block[] {
  const { genotype, filters } = plan;
  const nodes = genotype.cells[0]?.nodes.length ?? 0;
  const reduced = nodes * channelsOfLevel({ filters, widthFactors: genotype.widthFactors }, 0);
  return [
    convolution("stem_1", 3, IMAGE_CHANNELS, STEM_CHANNELS),
    convolution("stem_2", 3, STEM_CHANNELS, STEM_CHANNELS),
    convolution("endpoint_reduce", 3, STEM_CHANNELS, reduced, false),
    ...genotype.cells.flatMap((_, layer) => layerBlocks(plan, layer)),
    ...decoderBlocks(plan, reduced),
  ];
}

function layerBlocks(plan: NetworkPlan, layer: number): Block[] {
  const channels = channelsOfLayer(plan, layer);
  const prefix = `layer_${layer}`;
  return [
    convolution(`${prefix}.scale_s0`, 1, outputChannels(plan, layer - 1), channels),
    convolution(`${prefix}.scale_s1`, 1, outputChannels(plan, layer - 2), channels),
    ...edgesOfLayer(plan, layer).flatMap(({ op }, index) => opBlocks(op, `${prefix}.op_${index}`, channels)),
  ];
}

function opBlocks(op: Op, prefix: string, channels: number): Block[] {
  if (op.kind !== "computed") {
    return [];
  }
  return op.parameters(channels).map(({ name, edgeShape, fanIn }) => {
    const filter = { name: `${prefix}.${name}`, shape: edgeShape, initialisation: { fanIn } };
    const norm = op.norms.find((candidate) => candidate.filter === name);
    return {
      filter,
      norm:
        norm === undefined ? null : { name: `${prefix}.${norm.name}`, channels, filter: filter.name, isAffine: true },
    };
  });
}

function decoderBlocks(plan: NetworkPlan, reduced: number): Block[] {
  const { genotype } = plan;
  const endpoint = endpointLayer(genotype.widthPath);
  const joined = ENDPOINT_CHANNELS + DECODER_CHANNELS;
  return [
    convolution("decoder.pre", 1, outputChannels(plan, genotype.cells.length - 1), DECODER_CHANNELS),
    convolution("decoder.endpoint", 1, endpoint === null ? reduced : outputChannels(plan, endpoint), ENDPOINT_CHANNELS),
    ...separable("decoder.sep_1", joined, DECODER_CHANNELS),
    ...separable("decoder.sep_2", DECODER_CHANNELS, DECODER_CHANNELS),
    {
      filter: filterOf("decoder.output.conv", [3, 3, DECODER_CHANNELS, IMAGE_CHANNELS], 9 * DECODER_CHANNELS),
      norm: null,
    },
  ];
}

/** Channels that leave a layer; before the first layer there is the stem. */
function outputChannels(plan: NetworkPlan, layer: number): number {
  const cell = plan.genotype.cells[layer];
  return cell === undefined ? STEM_CHANNELS : cell.nodes.length * channelsOfLayer(plan, layer);
}

function convolution(prefix: string, side: number, input: number, output: number, isAffine = true): Block {
  const filter = filterOf(`${prefix}.conv`, [side, side, input, output], side * side * input);
  return { filter, norm: { name: `${prefix}.bn`, channels: output, filter: filter.name, isAffine } };
}

function separable(prefix: string, input: number, output: number): Block[] {
  const depthwise = filterOf(`${prefix}.depthwise`, [3, 3, input, 1], 9);
  const pointwise = filterOf(`${prefix}.pointwise`, [1, 1, input, output], input);
  return [
    {
      filter: depthwise,
      norm: { name: `${depthwise.name}.bn`, channels: input, filter: depthwise.name, isAffine: true },
    },
    {
      filter: pointwise,
      norm: { name: `${pointwise.name}.bn`, channels: output, filter: pointwise.name, isAffine: true },
    },
  ];
}

function filterOf(name: string, shape: readonly number[], fanIn: number): ParameterSpec {
  return { name, shape, initialisation: { fanIn } };
}

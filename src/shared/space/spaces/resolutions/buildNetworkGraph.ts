import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import type { ChannelGroups } from "#shared/space/graph/parameters.ts";
import { addCell } from "#shared/space/spaces/addCell.ts";
import { addDecoder, addEnlarging } from "#shared/space/spaces/addDecoder.ts";
import { addDoor } from "#shared/space/spaces/addDoor.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";
import { channelsOfLevel, endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

type ResolutionPlan = NetworkPlan<Genotype>;

/** What the stem or a layer leaves, through the activation, and how often it was halved. */
interface LayerOutput {
  readonly active: string;
  readonly level: number;
}

/**
 * Describes a path through resolutions: a stem, the cell of each layer at its stride and with the channels of its width level, and
 * the published decoder, which joins the last value with an earlier one of full resolution: of the last layer before it that has it, or
 * the stem's. What a cell reads comes down by convolutions of stride 2 and up bilinear.
 */
export function buildNetworkGraph(plan: ResolutionPlan): NetworkGraph {
  const draft = new GraphDraft();
  const { genotype, stemChannels } = plan;
  draft.begin("stem");
  const stem = draft.convolve("stem", addDoor(draft, plan), { side: 3, channels: stemChannels });
  const first: LayerOutput = { active: draft.activate(stem), level: 0 };
  const outputs: LayerOutput[] = [first, first];
  for (const [layer, level] of genotype.widthPath.entries()) {
    draft.begin(`layer_${layer}`);
    const [s1, s0] = [at(outputs, layer, "outputs"), at(outputs, layer + 1, "outputs")];
    outputs.push(addLayer(draft, plan, { layer, level, s0, s1 }));
  }
  draft.begin("decoder");
  const last = at(outputs, outputs.length - 1, "outputs");
  const skipLayer = endpointLayer(genotype.widthPath);
  const skip = skipLayer === null ? first : at(outputs, skipLayer + 2, "outputs");
  return {
    nodes: draft.nodes,
    output: addDecoder(draft, plan, { last: last.active, skip: skip.active, halvings: last.level }),
  };
}

interface LayerWish {
  readonly layer: number;
  readonly level: number;
  readonly s0: LayerOutput;
  readonly s1: LayerOutput;
}

function addLayer(draft: GraphDraft, plan: ResolutionPlan, { layer, level, s0, s1 }: LayerWish): LayerOutput {
  const prefix = `layer_${layer}`;
  const nodes = addCell(draft, at(plan.genotype.cells, layer, "cells"), {
    prefix,
    channels: channelsAt(plan, level),
    offsetLimitPx: plan.offsetLimitPx,
    s0: addMove(draft, plan, { prefix: `${prefix}.scale_s0`, from: s0, level }),
    s1: addMove(draft, plan, { prefix: `${prefix}.scale_s1`, from: s1, level }),
  });
  const joined = nodes.map(({ active }) => active);
  return { active: draft.add(`${prefix}.active`, joined, { kind: "concat" }), level };
}

interface Move {
  readonly prefix: string;
  readonly from: LayerOutput;
  readonly level: number;
}

/** Brings a value to the channels and the stride of a level. */
function addMove(draft: GraphDraft, plan: ResolutionPlan, { prefix, from, level }: Move): string {
  const channels = channelsAt(plan, level);
  const steps = level - from.level;
  if (steps <= 0) {
    return addEnlarging(draft, prefix, draft.convolve(prefix, from.active, { side: 1, channels }), -steps);
  }
  // Blocks of 2x2 pixels become channels, so that a 1x1 convolution of them is a 2x2 one of stride 2.
  const narrow = draft.convolve(prefix, from.active, { side: 1, channels: channelsAt(plan, from.level).channels });
  return Array.from({ length: steps }, (_, step) => step + 1).reduce((value, step) => {
    const blocks = draft.add(`${prefix}.blocks_${step}`, [value], { kind: "unshuffle", block: 2 });
    const wide = channelsAt(plan, from.level + step);
    return draft.convolve(`${prefix}.down_${step}`, blocks, {
      side: 1,
      channels: step === steps ? wide : wide.channels,
    });
  }, narrow);
}

function channelsAt({ filters, genotype: { widthFactors } }: ResolutionPlan, level: number): ChannelGroups {
  return { groups: 1, channels: channelsOfLevel({ filters, widthFactors }, level) };
}

import { at } from "#shared/at.ts";
import type { Genotype, GenotypeCell } from "#shared/space/cells/genotype.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import type { ChannelGroups } from "#shared/space/graph/parameters.ts";
import { addCell } from "#shared/space/spaces/addCell.ts";
import { addDecoder } from "#shared/space/spaces/addDecoder.ts";
import { addDoor } from "#shared/space/spaces/addDoor.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";

import { channelsOfLevel, endpointLayer } from "./widthLevels.ts";

type WidthsPlan = NetworkPlan<Genotype>;

/** What a layer, or the stem before the layers, leaves: through the activation, and as it is where somebody reads that. */
interface LayerOutput {
  readonly active: string;
  readonly raw: string | null;
}

/**
 * Describes a derived network (science notes 1.4): stem, cells along the width path, decoder with a skip branch from the last
 * layer at width level 0; the predicted noise is subtracted from the input. As in the authors' network the reduced stem
 * exists even where the width path does not use it.
 */
export function buildNetworkGraph(plan: WidthsPlan): NetworkGraph {
  const draft = new GraphDraft();
  const { genotype, stemChannels } = plan;
  const skipLayer = endpointLayer(genotype.widthPath);

  draft.begin("stem_1");
  const first = draft.activate(
    draft.activate(draft.convolve("stem_1", addDoor(draft, plan), { side: 3, channels: stemChannels })),
  );
  draft.begin("stem_2");
  const second = draft.convolve("stem_2", first, { side: 3, channels: stemChannels });
  draft.begin("endpoint_reduce");
  const reduced = draft.convolve("endpoint_reduce", second, { side: 3, channels: reducedStem(plan), isAffine: false });
  draft.begin("stem_2");
  const outputs: LayerOutput[] = [
    { active: first, raw: null },
    { active: draft.activate(second), raw: null },
  ];

  for (const [layer, cell] of genotype.cells.entries()) {
    draft.begin(`layer_${layer}`);
    const [s1, s0] = [at(outputs, layer, "outputs"), at(outputs, layer + 1, "outputs")];
    outputs.push(addLayer(draft, plan, { layer, cell, s0: s0.active, s1: s1.active, wantsRaw: layer === skipLayer }));
  }

  draft.begin("decoder");
  const last = at(outputs, outputs.length - 1, "outputs").active;
  const skip = skipLayer === null ? reduced : at(outputs, skipLayer + 2, "outputs").raw;
  if (skip === null) throw new Error(`network: layer ${skipLayer} leaves nothing for the decoder's skip branch`);
  const output = addDecoder(draft, plan, { last, skip });
  return { nodes: draft.nodes, output };
}

/** The stem reduced to what a layer at width level 0 would leave. */
function reducedStem({ genotype, filters }: WidthsPlan): ChannelGroups {
  const channels = channelsOfLevel({ filters, widthFactors: genotype.widthFactors }, 0);
  return { groups: at(genotype.cells, 0, "cells").nodes.length, channels };
}

interface LayerWish {
  readonly layer: number;
  readonly cell: GenotypeCell;
  readonly s0: string;
  readonly s1: string;
  readonly wantsRaw: boolean;
}

function addLayer(draft: GraphDraft, plan: WidthsPlan, wish: LayerWish): LayerOutput {
  const { genotype, filters } = plan;
  const { layer, cell, wantsRaw } = wish;
  const prefix = `layer_${layer}`;
  const level = at(genotype.widthPath, layer, "width path");
  const channels: ChannelGroups = {
    groups: 1,
    channels: channelsOfLevel({ filters, widthFactors: genotype.widthFactors }, level),
  };
  const s0 = draft.convolve(`${prefix}.scale_s0`, wish.s0, { side: 1, channels });
  const s1 = draft.convolve(`${prefix}.scale_s1`, wish.s1, { side: 1, channels });
  const nodes = addCell(draft, cell, { prefix, channels, offsetLimitPx: plan.offsetLimitPx, s0, s1 });
  const raw = wantsRaw ? draft.add(`${prefix}.raw`, nodes.map((state) => state.raw), { kind: "concat" }) : null; // prettier-ignore
  return {
    raw,
    active: draft.add(
      `${prefix}.active`,
      nodes.map((state) => state.active),
      { kind: "concat" },
    ),
  };
}

import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { type ChannelGroups, countChannels } from "#shared/space/graph/parameters.ts";
import { computedSpecOf } from "#shared/space/cells/primitives.ts";
import { addComputed } from "#shared/space/spaces/addCell.ts";
import { addDoor } from "#shared/space/spaces/addDoor.ts";
import { addNoise } from "#shared/space/spaces/addNoise.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";

import { type ChainGenotype, type ChainLayer, type ChainValue, widthFactorOf } from "./genotype.ts";

type ChainPlan = NetworkPlan<ChainGenotype>;

/** What the stem or a layer leaves, before any activation. */
interface ChainState {
  readonly value: string;
  readonly channels: ChannelGroups;
}

/**
 * Describes a chain: a stem, the layers one after another, and a last convolution whose value is subtracted from the input as the
 * noise. A skip of another width goes through a 1x1 convolution.
 */
export function buildNetworkGraph(plan: ChainPlan): NetworkGraph {
  const draft = new GraphDraft();
  draft.begin("stem");
  const channels = { groups: 1, channels: plan.stemChannels };
  const stem = draft.convolve("stem", addDoor(draft, plan), { side: 3, channels });
  const states = new Map<ChainValue, ChainState>([["stem", { value: stem, channels }]]);
  let last: ChainValue = "stem";
  for (const [index, layer] of plan.genotype.layers.entries()) {
    draft.begin(`layer_${index}`);
    const state = addLayer(draft, plan, { name: `layer_${index}`, layer, states, last });
    last = `layer_${index}`;
    states.set(last, state);
  }
  draft.begin("decoder");
  return { nodes: draft.nodes, output: addNoise(draft, plan, draft.activate(stateOf(states, last).value)) };
}

interface LayerWish {
  readonly name: string;
  readonly layer: ChainLayer;
  readonly states: ReadonlyMap<ChainValue, ChainState>;
  readonly last: ChainValue;
}

function addLayer(draft: GraphDraft, plan: ChainPlan, { name, layer, states, last }: LayerWish): ChainState {
  const { genotype, filters, offsetLimitPx } = plan;
  const { primitive, dilation, skipFrom } = layer;
  const read = stateOf(states, last);
  const channels = { groups: 1, channels: Math.max(1, Math.floor(filters * widthFactorOf(genotype, layer))) };
  const computed = addComputed(draft, computedSpecOf(primitive), {
    prefix: `${name}.op`,
    active: draft.activate(read.value),
    inputChannels: read.channels,
    channels,
    offsetLimitPx,
    dilation,
  });
  if (skipFrom === null) return { value: computed, channels };
  const from = stateOf(states, skipFrom);
  const isAsWide = countChannels(from.channels) === countChannels(channels);
  const added = isAsWide ? from.value : draft.convolve(`${name}.skip`, from.value, { side: 1, channels });
  return { value: draft.add(`${name}.sum`, [computed, added], { kind: "add" }), channels };
}

function stateOf(states: ReadonlyMap<ChainValue, ChainState>, name: ChainValue): ChainState {
  const state = states.get(name);
  if (state === undefined) throw new Error(`chain: there is no value named ${name}`);
  return state;
}

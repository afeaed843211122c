import { at } from "#shared/at.ts";
import { inputPlanes, outputChannels } from "#shared/space/graph/frame.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";

import type { ToyGenotype } from "./genotype.ts";

/** Describes a chain: convolutions one after another, whose last value is the noise. */
export function buildToy(plan: NetworkPlan<ToyGenotype>): NetworkGraph {
  const { genotype, filters, unshuffle } = plan;
  const draft = new GraphDraft();
  draft.begin("door");
  const planes = inputPlanes(plan).map(({ name, channels }) => draft.add(name, [], { kind: "input", channels }));
  const joined = planes.length === 1 ? at(planes, 0, "planes") : draft.add("planes", planes, { kind: "concat" });
  const door = unshuffle === 1 ? joined : draft.add("unshuffle", [joined], { kind: "unshuffle", block: unshuffle });
  const last = genotype.sides.reduce((x, side, index) => {
    draft.begin(`link_${index}`);
    return draft.activate(draft.convolve(`link_${index}`, x, { side, channels: { groups: 1, channels: filters } }));
  }, door);
  draft.begin("decoder");
  const channels = outputChannels(plan);
  const filtered = draft.add("decoder.output.conv", [last], { kind: "convolution", side: 3, dilation: 1, channels });
  const small = draft.add("decoder.output", [filtered], { kind: "bias" });
  const noise = unshuffle === 1 ? small : draft.add("shuffle", [small], { kind: "shuffle", block: unshuffle });
  return { nodes: draft.nodes, output: draft.add("denoised", ["noisy", noise], { kind: "subtract" }) };
}

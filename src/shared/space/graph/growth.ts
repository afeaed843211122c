import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";

import {
  type GraphNode,
  liveNodes,
  type NetworkGraph,
  type ValueForm,
  valueForms,
  formOfNode,
} from "./networkGraph.ts";
import { type Channels, countChannels } from "./parameters.ts";

/** Where the channels of each value of a network lie in the same value of a larger one, by the node's name. */
export type Growth = ReadonlyMap<string, readonly number[]>;

/** Both networks, and the places found so far. */
interface Comparison {
  readonly small: ReadonlyMap<string, ValueForm>;
  readonly large: ReadonlyMap<string, ValueForm>;
  readonly places: Map<string, readonly number[]>;
  /** Filters whose channels become pixels, with the side of the block that they fill. */
  readonly shuffled: ReadonlyMap<string, number>;
}

/**
 * Finds how a network grows into another one that computes the same when what is new begins with zeros (network morphism, Wei and others
 * 2016): the same nodes in the same order, some with more channels or wider filters of the same dilation. Null where it does not: then
 * the larger one cannot begin with what the smaller has learnt and give the same output.
 */
export function findGrowth(from: NetworkGraph, to: NetworkGraph): Growth | null {
  const nodes = new Map(to.nodes.map((node) => [node.name, node]));
  const shuffled = listShuffled(from);
  const comparison: Comparison = { small: valueForms(from), large: valueForms(to), places: new Map(), shuffled };
  for (const node of liveNodes(from)) {
    const grown = nodes.get(node.name);
    if (grown === undefined || grown.inputs.join() !== node.inputs.join()) return null;
    const places = placesOf(node, grown, comparison);
    if (places === null) return null;
    comparison.places.set(node.name, places);
  }
  const isSame = from.output === to.output && isWhole(from.output, comparison);
  return isSame ? comparison.places : null;
}

/** The places of a node's channels; null where the node of the larger network does something else. */
function placesOf(node: GraphNode, grown: GraphNode, comparison: Comparison): readonly number[] | null {
  const { small, large, places } = comparison;
  const channels = formOfNode(small, node.name).channels;
  const inputs = node.inputs.map((name) => places.get(name) ?? []);
  const [first] = inputs;
  switch (node.kind) {
    case "input":
      return grown.kind === "input" && grown.channels === node.channels ? listPlaces(node.channels) : null;
    case "convolution": {
      if (grown.kind !== "convolution" || !isWider(node, grown)) return null;
      const block = comparison.shuffled.get(node.name);
      const [own, wide] = [inGroups(channels, block), inGroups(grown.channels, block)];
      return own === null || wide === null ? null : spreadGroups(own, wide);
    }
    case "depthwise":
      return grown.kind === "depthwise" && isWider(node, grown) ? (first ?? null) : null;
    case "norm":
      return grown.kind === "norm" && grown.isAffine === node.isAffine ? (first ?? null) : null;
    case "bias":
    case "activation":
    case "enlarge":
      return grown.kind === node.kind ? (first ?? null) : null;
    case "add":
    case "subtract":
      return grown.kind === node.kind && inputs.every((each) => each.join() === first?.join()) ? (first ?? null) : null;
    case "concat": {
      if (grown.kind !== "concat") return null;
      let offset = 0;
      return node.inputs.flatMap((name, index) => {
        const start = offset;
        offset += countChannels(formOfNode(large, name).channels);
        return at(inputs, index, "inputs").map((place) => start + place);
      });
    }
    case "unshuffle":
      return grown.kind === "unshuffle" && grown.block === node.block
        ? unshufflePlaces(node, inputs, comparison)
        : null;
    case "shuffle":
      // The filter before it has put each pixel's channels together.
      return grown.kind === "shuffle" && grown.block === node.block && comparison.shuffled.has(node.inputs[0] ?? "")
        ? listPlaces(countChannels(channels))
        : null;
    case "deformable":
      // Its taps come from channels that are counted otherwise.
      return null;
    default:
      return assertNever(node);
  }
}

/** Lists the filters that only a shuffle reads, and what stands between, channel by channel. */
function listShuffled({ nodes }: NetworkGraph): ReadonlyMap<string, number> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const found = new Map<string, number>();
  for (const shuffle of nodes) {
    if (shuffle.kind !== "shuffle") continue;
    for (let reader: GraphNode = shuffle; ;) {
      const node = byName.get(reader.inputs[0] ?? "");
      if (node === undefined || nodes.filter(({ inputs }) => inputs.includes(node.name)).length > 1) break;
      const isByChannel = node.kind === "norm" || node.kind === "bias" || node.kind === "activation";
      if (isByChannel || node.kind === "convolution") found.set(node.name, shuffle.block);
      if (!isByChannel) break;
      reader = node;
    }
  }
  return found;
}

/** A filter's channels as the groups that become pixels, where they do; null where they are no whole groups. */
function inGroups(channels: Channels, block: number | undefined): Channels | null {
  if (block === undefined) return channels;
  const each = countChannels(channels) / block ** 2;
  return Number.isInteger(each) ? { groups: block ** 2, channels: each } : null;
}

/** Each pixel of a block has all channels, so that each keeps the places that they had. */
function unshufflePlaces(
  node: Extract<GraphNode, { kind: "unshuffle" }>,
  [places = []]: readonly (readonly number[])[],
  { large }: Comparison,
): readonly number[] {
  const wide = countChannels(formOfNode(large, node.inputs[0] ?? "").channels);
  return listPlaces(node.block ** 2).flatMap((pixel) => places.map((place) => pixel * wide + place));
}

/** Whether a filter holds another in its middle. */
function isWider(
  small: { readonly side: number; readonly dilation: number },
  large: { readonly side: number; readonly dilation: number },
): boolean {
  const { side, dilation } = small;
  return large.side >= side && (large.side - side) % 2 === 0 && (large.dilation === dilation || side === 1);
}

/** Whether a value has no more channels than before, each in its place. */
function isWhole(name: string, { small, large, places }: Comparison): boolean {
  const count = countChannels(formOfNode(small, name).channels);
  return (
    countChannels(formOfNode(large, name).channels) === count && places.get(name)?.join() === listPlaces(count).join()
  );
}

/** Places of a filter's channels: each group's at the beginning of the larger group; null where there are fewer. */
function spreadGroups(small: Channels, large: Channels): readonly number[] | null {
  if (countChannels(large) < countChannels(small)) return null;
  if (typeof small === "number" || typeof large === "number" || small.groups !== large.groups) {
    return listPlaces(countChannels(small));
  }
  if (large.channels < small.channels) return null;
  return listPlaces(countChannels(small)).map(
    (place) => Math.floor(place / small.channels) * large.channels + (place % small.channels),
  );
}

function listPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

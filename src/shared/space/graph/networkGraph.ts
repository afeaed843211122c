import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";

import { type Channels, countChannels } from "./parameters.ts";
import { tapMapChannels } from "./tapMap.ts";

/** What every node of a network graph has; `part` is the place in the network that its costs count for, `layer_1`. */
interface NodeBase {
  readonly name: string;
  readonly part: string;
  /** The nodes whose values it reads, by name. */
  readonly inputs: readonly string[];
}

/** What a node computes from the values it reads, `[B, H, W, C]` each. */
export type NodeOperation =
  /** A plane that is given: pictures `[B, H, W, channels]`. */
  | { readonly kind: "input"; readonly channels: number }
  /** A filter `[side, side, C, channels]` without bias; the size is kept by zeros around. It starts `gain` times as large as usual. */
  | {
      readonly kind: "convolution";
      readonly side: number;
      readonly dilation: number;
      readonly channels: Channels;
      readonly gain?: number;
    }
  /** A filter `[side, side, C, 1]` for each channel by itself. */
  | { readonly kind: "depthwise"; readonly side: number; readonly dilation: number; readonly gain?: number }
  /**
   * A filter `[side, side, C, channels]` that reads each channel group of its first input where the second one, with the
   * channels that `tapMapChannels` counts, sends its taps: at most `limitPx` pixels away from their places.
   */
  | {
      readonly kind: "deformable";
      readonly side: number;
      readonly dilation: number;
      readonly channels: Channels;
      readonly groups: number;
      readonly limitPx: number;
      readonly gain?: number;
    }
  /** Batch norm over batch, height and width; affine ones learn a scale and a shift per channel. */
  | { readonly kind: "norm"; readonly isAffine: boolean }
  /** Adds one learnt number per channel. */
  | { readonly kind: "bias" }
  /** The leaky ReLU. */
  | { readonly kind: "activation" }
  | { readonly kind: "add" }
  /** Joins along channels. */
  | { readonly kind: "concat" }
  /** The first input minus the second. */
  | { readonly kind: "subtract" }
  /** Space to depth: `[B, H, W, C]` to `[B, H/b, W/b, b * b * C]`, channel (row * b + column) * C + c. */
  | { readonly kind: "unshuffle"; readonly block: number }
  /** The inverse of unshuffle. */
  | { readonly kind: "shuffle"; readonly block: number }
  /** Twice the height and width: bilinear between the middles of pixels, with zeros around. */
  | { readonly kind: "enlarge" };

export type GraphNode = NodeBase & NodeOperation;
export type NodeKind = NodeOperation["kind"];
export type NodeOf<K extends NodeKind> = Extract<GraphNode, { readonly kind: K }>;

/**
 * A whole network as plain data. Each node stands after those that it reads; `output` names the node whose value is the
 * result. Nodes that the result does not need may stand there too: they have parameters, and nobody runs them.
 */
export interface NetworkGraph {
  readonly nodes: readonly GraphNode[];
  readonly output: string;
}

/** The form of a node's value: its channels, and how many pixels of the input one of its pixels is wide. */
export interface ValueForm {
  readonly channels: Channels;
  readonly scale: number;
}

/** Finds the form of every value by name. Throws an Error where a node reads what is not there or does not fit. */
export function valueForms({ nodes, output }: NetworkGraph): ReadonlyMap<string, ValueForm> {
  const forms = new Map<string, ValueForm>();
  for (const node of nodes) {
    if (forms.has(node.name)) throw new Error(`graph: two nodes are named ${node.name}`);
    const inputs = node.inputs.map((name) => {
      const form = forms.get(name);
      if (form === undefined) throw new Error(`graph: ${node.name} must read nodes before it, got ${name}`);
      return form;
    });
    forms.set(node.name, formOf(node, inputs));
  }
  if (!forms.has(output)) throw new Error(`graph: the output must be one of its nodes, got ${output}`);
  return forms;
}

/** Looks up the form of a value that `valueForms` found. */
export function formOfNode(forms: ReadonlyMap<string, ValueForm>, name: string): ValueForm {
  const form = forms.get(name);
  if (form === undefined) throw new Error(`graph: there is no node named ${name}`);
  return form;
}

/** Lists the nodes that the output depends on, in their order. */
export function liveNodes({ nodes, output }: NetworkGraph): GraphNode[] {
  const wanted = new Set([output]);
  return nodes
    .toReversed()
    .filter(({ name, inputs }) => {
      if (!wanted.has(name)) return false;
      inputs.forEach((input) => wanted.add(input));
      return true;
    })
    .reverse();
}

/** The most pixels of the input that one pixel of any value is wide: sizes must be multiples of it. */
export function largestScale(graph: NetworkGraph): number {
  return Math.max(...[...valueForms(graph).values()].map(({ scale }) => scale));
}

/**
 * Gives a node as the filter that it is, or null where it has none: a filter looks around, costs multiply-adds, and has its
 * values moved in memory.
 */
export function asFilter(node: GraphNode): NodeOf<"convolution" | "depthwise" | "deformable"> | null {
  switch (node.kind) {
    case "convolution":
    case "depthwise":
    case "deformable":
      return node;
    case "input":
    case "norm":
    case "bias":
    case "activation":
    case "add":
    case "concat":
    case "subtract":
    case "unshuffle":
    case "shuffle":
    case "enlarge":
      return null;
    default:
      return assertNever(node);
  }
}

function formOf(node: GraphNode, inputs: readonly ValueForm[]): ValueForm {
  const scale = inputs[0]?.scale ?? 1; // An input node has none before it and is at full size.
  if (inputs.some((form) => form.scale !== scale)) throw new Error(`graph: ${node.name} must read values of one scale`);
  switch (node.kind) {
    case "input":
      return { channels: node.channels, scale };
    case "convolution":
      return { channels: node.channels, scale };
    case "deformable":
      checkTapMap(node, inputs);
      return { channels: node.channels, scale };
    case "depthwise":
    case "norm":
    case "bias":
    case "activation":
    case "add":
    case "subtract":
      return { channels: commonChannels(node, inputs), scale };
    case "concat":
      return { channels: joinChannels(node, inputs), scale };
    case "unshuffle":
      return { channels: plainChannels(node, inputs) * node.block ** 2, scale: scale * node.block };
    case "shuffle":
      return { channels: plainChannels(node, inputs) / node.block ** 2, scale: scale / node.block };
    case "enlarge":
      return { channels: commonChannels(node, inputs), scale: scale / 2 };
    default:
      return assertNever(node);
  }
}

function checkTapMap({ name, side, groups }: NodeOf<"deformable">, inputs: readonly ValueForm[]): void {
  const got = countChannels(at(inputs, 1, `graph: inputs of ${name}`).channels);
  const wanted = tapMapChannels(side, groups);
  if (got !== wanted) throw new Error(`graph: ${name} must read ${wanted} channels of tap places, got ${got}`);
}

function commonChannels({ name }: GraphNode, inputs: readonly ValueForm[]): Channels {
  const { channels } = at(inputs, 0, `graph: inputs of ${name}`);
  const counts = inputs.map((form) => countChannels(form.channels));
  if (new Set(counts).size !== 1) throw new Error(`graph: ${name} must read equal channels, got ${counts.join(", ")}`);
  return channels;
}

/** Groups of one size stay groups; plain numbers add up. */
function joinChannels({ name }: GraphNode, inputs: readonly ValueForm[]): Channels {
  const channels = inputs.map((form) => form.channels);
  if (channels.every((each) => typeof each === "number")) return channels.reduce((sum, each) => sum + each, 0);
  const groups = channels.filter((each) => typeof each !== "number");
  const sizes = new Set(groups.map((each) => each.channels));
  if (groups.length !== channels.length || sizes.size !== 1) {
    throw new Error(`graph: ${name} must join plain channels, or groups of one size`);
  }
  return { groups: groups.reduce((sum, each) => sum + each.groups, 0), channels: at([...sizes], 0, name) };
}

function plainChannels({ name }: GraphNode, inputs: readonly ValueForm[]): number {
  const { channels } = at(inputs, 0, `graph: inputs of ${name}`);
  if (typeof channels !== "number") throw new Error(`graph: ${name} must read plain channels, got groups`);
  return channels;
}

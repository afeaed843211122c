import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";

import { type GraphNode, liveNodes, type NetworkGraph, type NodeKind } from "./networkGraph.ts";

/** One step of a run: a node, and what is computed with it in one go, in order; its value is that of the last one. */
export interface ExecutionStep {
  readonly nodes: readonly [GraphNode, ...GraphNode[]];
  /** The name of the value that it leaves. */
  readonly value: string;
  /** The values that nobody reads after this step. */
  readonly lastReads: readonly string[];
}

/**
 * Orders the nodes that the output needs. A pointwise convolution runs as soon as its input is there, so that wide values need
 * not wait for late readers. A norm and the activation that alone reads it are one step, and so are a depthwise convolution
 * and the pointwise one that alone reads it.
 */
export function planExecution(graph: NetworkGraph): readonly ExecutionStep[] {
  const nodes = liveNodes(graph);
  const readers = readersOf(nodes);
  const blocks = joinNodes(nodes, readers, graph.output);
  const steps = hoist(blocks);
  const lastStep = new Map(steps.flatMap((step, index) => at(step, 0, "step").inputs.map((name) => [name, index])));
  return steps.map((step, index) => ({
    nodes: step,
    value: valueOf(step),
    lastReads: [...new Set(step[0].inputs)].filter((name) => lastStep.get(name) === index && name !== graph.output),
  }));
}

/** Whether the gradient of a node reads again what went into the node, or what came out of it. */
function gradientReads(kind: NodeKind): { readonly input: boolean; readonly output: boolean } {
  switch (kind) {
    case "convolution":
    case "depthwise":
    case "deformable":
    case "norm":
      return { input: true, output: false };
    case "activation":
      return { input: false, output: true };
    case "input":
    case "bias":
    case "add":
    case "concat":
    case "subtract":
    case "unshuffle":
    case "shuffle":
    case "enlarge":
      return { input: false, output: false };
    default:
      return assertNever(kind);
  }
}

/** The values that a training must remember from the forward pass for the way back. */
export function rememberedValues(graph: NetworkGraph): ReadonlySet<string> {
  const steps = planExecution(graph);
  return new Set(
    steps.flatMap(({ nodes, value }) => [
      ...(gradientReads(nodes[0].kind).input ? nodes[0].inputs : []),
      ...(gradientReads(at(nodes, nodes.length - 1, "step").kind).output ? [value] : []),
    ]),
  );
}

type Block = readonly [GraphNode, ...GraphNode[]];

function valueOf(block: Block): string {
  return at(block, block.length - 1, "step").name;
}

function readersOf(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>(nodes.map(({ name }) => [name, []]));
  for (const node of nodes) for (const input of node.inputs) readers.get(input)?.push(node);
  return readers;
}

function joinNodes(
  nodes: readonly GraphNode[],
  readers: ReadonlyMap<string, readonly GraphNode[]>,
  output: string,
): Block[] {
  const joined = new Set<string>();
  return nodes.flatMap((node): Block[] => {
    if (joined.has(node.name)) return [];
    const [reader, ...others] = readers.get(node.name) ?? []; // The output has none.
    if (reader === undefined || others.length > 0 || node.name === output || !runsWith(node, reader)) return [[node]];
    joined.add(reader.name);
    return [[node, reader]];
  });
}

function runsWith(node: GraphNode, reader: GraphNode): boolean {
  if (node.kind === "norm") return reader.kind === "activation";
  return node.kind === "depthwise" && reader.kind === "convolution" && reader.side === 1;
}

/** Moves each pointwise convolution, and the norm or bias that follows it, to where its input comes from. */
function hoist(blocks: readonly Block[]): Block[] {
  const done = new Set<string>();
  const steps: Block[] = [];
  const run = (block: Block): void => {
    if (done.has(valueOf(block))) return;
    steps.push(block);
    done.add(valueOf(block));
    for (const next of blocks) if (isEager(next) && next[0].inputs[0] === valueOf(block)) run(next);
  };
  for (const block of blocks) run(block);
  return steps;
}

function isEager([node]: Block): boolean {
  return (node.kind === "convolution" && node.side === 1) || node.kind === "norm" || node.kind === "bias";
}

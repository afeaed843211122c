import { assertNever } from "#shared/assertNever.ts";

import { formOfNode, type NetworkGraph, type NodeOf, valueForms } from "./networkGraph.ts";
import type { GraphNode, ValueForm } from "./networkGraph.ts";
import { affineSpecs, depthwiseSpec, filterSpec, type ParameterSpec, vectorSpec } from "./parameters.ts";
import type { Channels } from "./parameters.ts";

/** A batch norm of a graph: its name, its channels, and the filter whose output it normalises. */
export interface NormSpec {
  readonly name: string;
  readonly channels: Channels;
  readonly filter: string;
  readonly isAffine: boolean;
}

/** Lists every trainable parameter of a graph in the order of its nodes; a filter has its node's name. */
export function graphParameters(graph: NetworkGraph): ParameterSpec[] {
  const forms = valueForms(graph);
  return graph.nodes.flatMap((node) => nodeParameters(node, forms));
}

/** Lists every batch norm of a graph in the order of its nodes. */
export function graphNorms(graph: NetworkGraph): NormSpec[] {
  const forms = valueForms(graph);
  return graph.nodes
    .filter((node) => node.kind === "norm")
    .map((node) => ({
      name: node.name,
      channels: formOfNode(forms, node.name).channels,
      filter: inputOf(node),
      isAffine: node.isAffine,
    }));
}

/** Lists the running statistics of every batch norm: its mean, then its variance. */
export function graphStatistics(graph: NetworkGraph): ParameterSpec[] {
  return graphNorms(graph).flatMap(({ name, channels }) => [
    vectorSpec(`${name}.mean`, channels, "zeros"),
    vectorSpec(`${name}.variance`, channels, "ones"),
  ]);
}

/**
 * Returns the graph with a bias for each batch norm: for use, where its scale goes into the filter before it, and for a training
 * without norms.
 */
export function foldGraph(graph: NetworkGraph): NetworkGraph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.kind === "norm" ? toBias(node) : node)) };
}

/** The name of the number per channel that a bias adds. */
export function biasName(node: string): string {
  return `${node}.bias`;
}

/** The value that a filter works on: the first that it reads. */
export function firstInputOf({ name, inputs }: GraphNode): string {
  const [input] = inputs;
  if (input === undefined) throw new Error(`graph: ${name} must read a value, got none`);
  return input;
}

/** The only value that a node with one input reads. */
export function inputOf({ name, inputs }: GraphNode): string {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    throw new Error(`graph: ${name} must read one value, got ${inputs.length}`);
  }
  return input;
}

function toBias({ name, part, inputs }: NodeOf<"norm">): NodeOf<"bias"> {
  return { name, part, inputs, kind: "bias" };
}

function nodeParameters(node: GraphNode, forms: ReadonlyMap<string, ValueForm>): ParameterSpec[] {
  switch (node.kind) {
    case "convolution":
      return [filterSpec(node.name, node.side, formOfNode(forms, inputOf(node)).channels, node.channels, node.gain)];
    case "deformable":
      return [
        filterSpec(node.name, node.side, formOfNode(forms, firstInputOf(node)).channels, node.channels, node.gain),
      ];
    case "depthwise":
      return [depthwiseSpec(node.name, node.side, formOfNode(forms, node.name).channels, node.gain)];
    case "norm":
      return node.isAffine ? affineSpecs(node.name, formOfNode(forms, node.name).channels) : [];
    case "bias":
      return [vectorSpec(biasName(node.name), formOfNode(forms, node.name).channels, "zeros")];
    case "input":
    case "activation":
    case "add":
    case "concat":
    case "subtract":
    case "unshuffle":
    case "shuffle":
    case "enlarge":
      return [];
    default:
      return assertNever(node);
  }
}

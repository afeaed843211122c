import { firstInputOf, graphParameters } from "./graphParameters.ts";
import {
  asFilter,
  formOfNode,
  type GraphNode,
  liveNodes,
  type NetworkGraph,
  type ValueForm,
  valueForms,
} from "./networkGraph.ts";
import { countChannels, countParameters, type ParameterSpec } from "./parameters.ts";
import { receptiveFieldPx } from "./reach.ts";

/** What a part of a network costs: trainable numbers, and multiply-adds of its convolutions for one output pixel. */
export interface Cost {
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
}

/** The cost of one named part of a network. */
export interface PartCost extends Cost {
  readonly name: string;
}

/** The cost of a whole network and where it goes. */
export interface NetworkCost extends Cost {
  readonly receptiveFieldPx: number;
  /** The parts in the order in which they first stand in the graph; they sum to the whole. */
  readonly parts: readonly PartCost[];
}

/**
 * Counts a network: trainable parameters with batch norms and biases, and multiply-adds of all convolutions per pixel of the
 * picture. Nodes that nobody runs count among the parameters, as in the authors' network, but not among the multiply-adds.
 */
export function networkCost(graph: NetworkGraph): NetworkCost {
  const nodes = nodeCosts(graph);
  const parts = [...new Set(graph.nodes.map(({ part }) => part))].map((name) => {
    const own = nodes.filter(({ part }) => part === name);
    return {
      name,
      parameters: sum(own.map(({ parameters }) => parameters)),
      multiplyAddsPerPixel: sum(own.map(({ multiplyAddsPerPixel }) => multiplyAddsPerPixel)),
    };
  });
  return {
    parameters: sum(parts.map(({ parameters }) => parameters)),
    multiplyAddsPerPixel: sum(parts.map(({ multiplyAddsPerPixel }) => multiplyAddsPerPixel)),
    receptiveFieldPx: receptiveFieldPx(graph),
    parts: parts.filter(({ parameters }) => parameters > 0),
  };
}

/** Counts each node of a network by the same rules, in their order. */
export function nodeCosts(graph: NetworkGraph): readonly (PartCost & { readonly part: string })[] {
  const forms = valueForms(graph);
  const specs = new Map(graphParameters(graph).map((spec) => [spec.name, spec]));
  const live = new Set(liveNodes(graph));
  return graph.nodes.map((node) => ({
    name: node.name,
    part: node.part,
    parameters: countParameters(parametersOfNode(node, specs)),
    multiplyAddsPerPixel: live.has(node) ? multiplyAdds(node, forms) : 0,
  }));
}

/** A node has a filter, a scale and a shift, a bias, or nothing of it all. */
function parametersOfNode({ name }: GraphNode, specs: ReadonlyMap<string, ParameterSpec>): ParameterSpec[] {
  return ["", ".gamma", ".beta", ".bias"].flatMap((ending) => specs.get(name + ending) ?? []);
}

function multiplyAdds(node: GraphNode, forms: ReadonlyMap<string, ValueForm>): number {
  const filter = asFilter(node);
  if (filter === null) return 0;
  const { channels, scale } = formOfNode(forms, node.name);
  const inputs = filter.kind === "depthwise" ? 1 : countChannels(formOfNode(forms, firstInputOf(node)).channels);
  return (filter.side ** 2 * inputs * countChannels(channels)) / scale ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

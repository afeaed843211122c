import { at } from "#shared/at.ts";
import { nodeCosts } from "#shared/space/graph/costModel.ts";
import { formOfNode, type GraphNode, type NetworkGraph, valueForms } from "#shared/space/graph/networkGraph.ts";
import { countChannels } from "#shared/space/graph/parameters.ts";

/** A box of a network's drawing: a node, with the norm, bias and activation behind it that nothing else reads before. */
export interface NetworkBox {
  /** Its first node's. */
  readonly name: string;
  readonly part: string;
  readonly nodes: readonly GraphNode[];
  /** Of what comes out of it. */
  readonly channels: number;
  /** How many pixels of the input one of its pixels is wide. */
  readonly scale: number;
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
}

/** A line from a box to one that reads its value, as the input of this place. */
export interface NetworkLine {
  readonly from: string;
  readonly to: string;
  readonly input: number;
}

/** A network as boxes and lines between them. */
export interface NetworkBoxes {
  readonly boxes: readonly NetworkBox[];
  readonly lines: readonly NetworkLine[];
}

/** What may stand in the box of the node before it. */
const FOLLOWERS: ReadonlySet<GraphNode["kind"]> = new Set(["norm", "bias", "activation"]);

/** Gathers the nodes of a network into boxes, with the shape of what comes out of each and what it costs. */
export function gatherBoxes(graph: NetworkGraph): NetworkBoxes {
  const readers = new Map<string, number>();
  for (const name of graph.nodes.flatMap(({ inputs }) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1); // 0 until the first
  const boxOf = new Map<string, string>();
  const members = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    const [only] = node.inputs;
    const home = only === undefined ? undefined : boxOf.get(only);
    const own = home === undefined ? undefined : members.get(home);
    const joins = FOLLOWERS.has(node.kind) && own?.at(-1)?.name === only && readers.get(only ?? "") === 1;
    if (joins && own !== undefined && home !== undefined && own[0]?.part === node.part) {
      own.push(node);
      boxOf.set(node.name, home);
    } else {
      members.set(node.name, [node]);
      boxOf.set(node.name, node.name);
    }
  }
  const forms = valueForms(graph);
  const costs = new Map(nodeCosts(graph).map((cost) => [cost.name, cost]));
  const sumOf = (nodes: readonly GraphNode[], key: "parameters" | "multiplyAddsPerPixel"): number =>
    nodes.reduce((sum, { name }) => sum + (costs.get(name)?.[key] ?? 0), 0); // every node has a cost
  const boxes = [...members].map(([name, nodes]) => {
    const last = at(nodes, nodes.length - 1, `nodes of the box ${name}`);
    const { channels, scale } = formOfNode(forms, last.name);
    return {
      name,
      part: last.part,
      nodes,
      channels: countChannels(channels),
      scale,
      parameters: sumOf(nodes, "parameters"),
      multiplyAddsPerPixel: sumOf(nodes, "multiplyAddsPerPixel"),
    };
  });
  const lines = boxes.flatMap(({ name, nodes }) =>
    at(nodes, 0, `nodes of the box ${name}`).inputs.map((read, input) => ({
      from: boxOf.get(read) ?? read,
      to: name,
      input,
    })),
  );
  return { boxes, lines };
}

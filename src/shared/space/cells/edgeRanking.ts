import { at } from "#shared/at.ts";
import type { ArchLogits } from "./archLogits.ts";
import { countNodes, edgesOf, incomingEdgeCount, type StateName } from "./cellGraph.ts";
import { PRIMITIVES, type Primitive } from "./primitives.ts";
import { toEdgeWeights } from "./edgeWeights.ts";
import { toOpWeights } from "./opWeights.ts";

/** How many incoming edges each node keeps (DARTS and HiNAS). */
export const KEPT_EDGES = 2;

/** A primitive with its op weight: of all primitives of its edge, `none` included. */
export interface WeighedPrimitive {
  readonly primitive: Primitive;
  readonly weight: number;
}

/** An edge into a node, judged by its strongest primitive besides `none`. */
export interface RankedEdge {
  readonly from: StateName;
  readonly best: WeighedPrimitive;
  /** The next primitive besides `none`; null where there is no other. */
  readonly runnerUp: WeighedPrimitive | null;
  /** What `none` weighs on this edge; null where it is no candidate. */
  readonly noneWeight: number | null;
}

/**
 * Ranks the incoming edges of every node of layer `layer`, strongest first; the logits are already checked [nodes].
 * Equal edges keep the order of their states and equal primitives the order of `PRIMITIVES`. Columns are brought into that order
 * before any sum, so the order in which a run lists its primitives changes nothing, not even a last bit.
 */
export function rankEdges(logits: ArchLogits, layer: number): RankedEdge[][] {
  const rows = at(logits.alpha, layer, "rankEdges: layers of alpha");
  const nodes = countNodes(rows.length);
  const own = logits.edges === undefined ? null : toEdgeWeights(at(logits.edges, layer, "rankEdges: layers of edges"));
  const edges = edgesOf(nodes).map(({ from }, index) => {
    const weighed = weighPrimitives(logits, at(rows, index, "rankEdges: edges"));
    const edgeWeight = own === null ? 1 : at(own, index, "rankEdges: weights of edges");
    return judgeEdge(
      from,
      weighed.map(({ primitive, weight }) => ({ primitive, weight: weight * edgeWeight })),
    );
  });
  const byNode = Array.from({ length: nodes }, (_, node) => edges.splice(0, incomingEdgeCount(node)));
  return byNode.map((incoming) => incoming.toSorted((a, b) => b.best.weight - a.best.weight));
}

/** Returns the op weights of one edge in the order of `PRIMITIVES`; `row` follows `primitives` [primitives]. */
export function weighPrimitives(
  { primitives, opWeights = "softmax" }: Pick<ArchLogits, "primitives" | "opWeights">,
  row: readonly number[],
): WeighedPrimitive[] {
  const columns = PRIMITIVES.flatMap((primitive) => {
    const logit = row[primitives.indexOf(primitive)];
    return logit === undefined ? [] : [{ primitive, logit }];
  });
  const weights = toOpWeights(
    opWeights,
    columns.map(({ logit }) => logit),
  );
  return columns.map(({ primitive }, column) => ({ primitive, weight: at(weights, column, "weighPrimitives") }));
}

/** Sorts the primitives besides `none` by weight, strongest first; equal ones keep the order of `PRIMITIVES`. */
export function rankPrimitives(weighed: readonly WeighedPrimitive[]): WeighedPrimitive[] {
  return weighed.filter(({ primitive }) => primitive !== "none").toSorted((a, b) => b.weight - a.weight);
}

function judgeEdge(from: StateName, weighed: readonly WeighedPrimitive[]): RankedEdge {
  const [best, runnerUp] = rankPrimitives(weighed);
  if (best === undefined) throw new Error("rankEdges: an edge needs at least one primitive besides none");
  const none = weighed.find(({ primitive }) => primitive === "none");
  return { from, best, runnerUp: runnerUp ?? null, noneWeight: none?.weight ?? null };
}

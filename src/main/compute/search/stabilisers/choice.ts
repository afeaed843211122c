import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { edgesOf, incomingEdgeCount } from "#shared/space/cells/cellGraph.ts";
import { KEPT_EDGES } from "#shared/space/cells/edgeRanking.ts";
import { DROPPED_LOGIT } from "#shared/space/cells/opWeights.ts";

/** Something still to be picked: a primitive of an edge (a row of alpha), or which edges a node keeps. */
type OpenPick =
  { readonly kind: "edge"; readonly row: number } | { readonly kind: "node"; readonly rows: readonly number[] };

/** A supernet whose primitives are picked. */
export interface Choosing {
  readonly primitives: readonly Primitive[];
  /** Of each cell. */
  readonly nodes: number;
  /** Alpha's logits, cell by cell and edge by edge; dropped primitives have theirs. */
  rows(): readonly (readonly number[])[];
  /** The loss on a few batches with these primitives of an edge weighing nothing. */
  lossWithout(row: number, primitives: readonly number[]): number;
  /** Drops primitives of an edge for good. */
  drop(row: number, primitives: readonly number[]): void;
}

/**
 * Picks once (DARTS-PT): of a random undecided edge the primitive whose removal raises the loss most; when all edges are decided, of a random
 * node the two edges whose removal raises it most. Returns what was picked, in words; null where nothing is left to pick.
 */
export function pickOnce(choosing: Choosing, random: Random): string | null {
  const open = openPicks(choosing);
  const edges = open.filter(({ kind }) => kind === "edge");
  const candidates = edges.length > 0 ? edges : open;
  if (candidates.length === 0) return null;
  const pick = at(candidates, random.integer(candidates.length), "open picks");
  return pick.kind === "edge" ? pickPrimitive(choosing, pick.row) : pickEdges(choosing, pick.rows);
}

/** Counts what is still to be picked. */
export function countOpenPicks(choosing: Pick<Choosing, "rows" | "nodes">): number {
  return openPicks(choosing).length;
}

function openPicks({ rows, nodes }: Pick<Choosing, "rows" | "nodes">): OpenPick[] {
  const alive = rows().map((row) => row.filter((logit) => logit !== DROPPED_LOGIT).length);
  const edges = alive.flatMap((count, row): OpenPick[] => (count > 1 ? [{ kind: "edge", row }] : []));
  const crowded: OpenPick[] = [];
  let row = 0;
  while (row < alive.length) {
    for (let node = 0; node < nodes; node++) {
      const incoming = Array.from({ length: incomingEdgeCount(node) }, (_, index) => row + index);
      row += incoming.length;
      const kept = incoming.filter((each) => at(alive, each, "rows of alpha") > 0);
      if (kept.length > KEPT_EDGES) crowded.push({ kind: "node", rows: kept });
    }
  }
  return [...edges, ...crowded];
}

function pickPrimitive({ primitives, nodes, rows, lossWithout, drop }: Choosing, row: number): string {
  const left = listLeft(at(rows(), row, "rows of alpha"));
  const losses = left
    .filter((primitive) => primitives[primitive] !== "none")
    .map((primitive) => ({ primitive, loss: lossWithout(row, [primitive]) }));
  const [missed] = losses.toSorted((a, b) => b.loss - a.loss);
  if (missed === undefined) throw new Error("choice: an edge needs at least one primitive besides none");
  const others = left.filter((primitive) => primitive !== missed.primitive);
  drop(row, others);
  return `${nameEdge(row, nodes)} takes ${at(primitives, missed.primitive, "primitives")}: without it the loss is ${missed.loss.toPrecision(5)}`;
}

function pickEdges({ nodes, rows, lossWithout, drop }: Choosing, incoming: readonly number[]): string {
  let kept = incoming;
  while (kept.length > KEPT_EDGES) {
    const losses = kept.map((row) => ({ row, loss: lossWithout(row, listLeft(at(rows(), row, "rows of alpha"))) }));
    const [least] = losses.toSorted((a, b) => a.loss - b.loss);
    if (least === undefined) break;
    drop(least.row, listLeft(at(rows(), least.row, "rows of alpha")));
    kept = kept.filter((row) => row !== least.row);
  }
  return `of ${incoming.length} edges there stay ${kept.map((row) => nameEdge(row, nodes)).join(" and ")}`;
}

function nameEdge(row: number, nodes: number): string {
  const edges = edgesOf(nodes);
  const { from, to } = at(edges, row % edges.length, "edges of a cell");
  return `${from} -> ${to} in layer ${Math.floor(row / edges.length)}`;
}

/** Which primitives of an edge are not dropped. */
function listLeft(row: readonly number[]): number[] {
  return row.flatMap((logit, primitive) => (logit === DROPPED_LOGIT ? [] : [primitive]));
}

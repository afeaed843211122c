import type { CellEdge } from "#shared/space/cells/cellGraph.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Names an edge for people: `s1 → node 0`. */
export function toEdgeName({ from, to }: CellEdge): string {
  return texts.cockpit.edge(texts.cockpit.state(from), texts.cockpit.state(to));
}

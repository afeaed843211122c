import { at } from "#shared/at.ts";
import { edgesByState } from "#shared/space/cells/stateEdges.ts";

import { add, concatenate } from "#main/compute/layers/combine.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

import { mixedEdges } from "./mixedEdges.ts";
import type { CellInputs, MixedOps } from "./mixedEdges.ts";

/** What a cell of a supernet is made of. */
export interface CellPlan extends MixedOps {
  readonly nodes: number;
}

/**
 * Runs one cell with every primitive on every edge (science notes 1.2). Inputs `s1` and `s0` are `[B, H, W, C]`; each
 * node sums its edges; the result joins the nodes along channels: `[B, H, W, nodes * C]`.
 */
export function searchCell(tape: Tape, cell: CellPlan, inputs: CellInputs): Value {
  const contributions = Array.from({ length: cell.nodes }, (): Value[] => []);
  const outputs: Value[] = [];
  for (const [index, { from, nodes }] of edgesByState(cell.nodes).entries()) {
    const state = index < 2 ? parameterOf(inputs, from) : sumNode(tape, at(contributions, index - 2, "contributions"));
    if (index >= 2) {
      outputs.push(state);
    }
    const parts = mixedEdges(tape, state, from, nodes.length, cell, inputs);
    parts.forEach((part, position) => at(contributions, at(nodes, position, "nodes"), "contributions").push(part));
  }
  outputs.push(sumNode(tape, at(contributions, cell.nodes - 1, "contributions")));
  return concatenate(tape, outputs);
}

function sumNode(tape: Tape, contributions: readonly Value[]): Value {
  const node = add(tape, contributions);
  tape.discard(contributions);
  return node;
}

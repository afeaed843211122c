import { at } from "#shared/at.ts";
import { stateIndex } from "#shared/space/cells/cellGraph.ts";
import type { GenotypeCell, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import type { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { ChannelGroups } from "#shared/space/graph/parameters.ts";

/** What a cell works on: its two inputs, already in its channels, and the prefix of its names. */
export interface CellPlace {
  readonly prefix: string;
  readonly channels: ChannelGroups;
  readonly s0: string;
  readonly s1: string;
}

/** What a node of a cell leaves: as it is, and through the activation. */
export interface NodeValue {
  readonly raw: string;
  readonly active: string;
}

/** Adds a derived HiNAS cell (science notes 1.2) and returns the values of its nodes in order. */
export function addCell(draft: GraphDraft, cell: GenotypeCell, { prefix, channels, s0, s1 }: CellPlace): NodeValue[] {
  const states: { readonly raw: string; readonly active: string | null }[] = [s1, s0].map((raw, index) => ({
    raw,
    active: isComputedFrom(cell, index) ? draft.activate(raw) : null,
  }));
  let index = 0;
  return cell.nodes.map((edges, node) => {
    const terms = edges.map((edge) => {
      const state = at(states, stateIndex(edge.from), `states of ${prefix}`);
      return addEdge(draft, edge, { prefix: `${prefix}.op_${index++}`, channels, ...state });
    });
    const raw = draft.add(`${prefix}.node_${node}`, terms, { kind: "add" });
    const value = { raw, active: draft.activate(raw) };
    states.push(value);
    return value;
  });
}

/** Whether an edge reads a state through an op that computes, and so through the activation. */
function isComputedFrom({ nodes }: GenotypeCell, state: number): boolean {
  return nodes
    .flat()
    .some(({ from, primitive }) => stateIndex(from) === state && specOf(primitive).kind === "computed");
}

interface EdgePlace {
  readonly prefix: string;
  readonly channels: ChannelGroups;
  readonly raw: string;
  readonly active: string | null;
}

/** One edge: its primitive's filters and norms one after another, or the state itself. */
function addEdge(draft: GraphDraft, { primitive }: GenotypeEdge, { prefix, channels, raw, active }: EdgePlace): string {
  const spec = specOf(primitive);
  if (spec.kind !== "computed" || active === null) return raw;
  return spec.stages.reduce((x, { name, kind, side, dilation, norm }, index) => {
    const filter = `${prefix}.${name}`;
    const operation = kind === "depthwise" ? { kind, side, dilation } : { kind, side, dilation, channels };
    const filtered = draft.add(filter, [x], operation);
    if (norm === null) return filtered;
    const normalised = draft.add(`${prefix}.${norm}`, [filtered], { kind: "norm", isAffine: true });
    return index === spec.stages.length - 1 ? normalised : draft.activate(normalised);
  }, active);
}

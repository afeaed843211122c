import { at } from "#shared/at.ts";
import { stateIndex } from "#shared/space/cells/cellGraph.ts";
import type { GenotypeCell, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import { type ComputedSpec, type FilterStage, specOf } from "#shared/space/cells/primitives.ts";
import type { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { ChannelGroups } from "#shared/space/graph/parameters.ts";
import { TAP_MAP } from "#shared/space/graph/primitiveParameters.ts";
import { deformableGroups, tapMapChannels } from "#shared/space/graph/tapMap.ts";

/** What a cell works on: its two inputs, already in its channels, and the prefix of its names. */
export interface CellPlace {
  readonly prefix: string;
  readonly channels: ChannelGroups;
  readonly offsetLimitPx: number;
  readonly s0: string;
  readonly s1: string;
}

/** What a node of a cell leaves: as it is, and through the activation. */
export interface NodeValue {
  readonly raw: string;
  readonly active: string;
}

/**
 * Adds a derived HiNAS cell (science notes 1.2) and returns the values of its nodes in order. Edges of `noise` are left out: what they
 * would add is nothing on average. A node of nothing else is zero.
 */
export function addCell(draft: GraphDraft, cell: GenotypeCell, place: CellPlace): NodeValue[] {
  const { prefix, channels, offsetLimitPx, s0, s1 } = place;
  const states: { readonly raw: string; readonly active: string | null }[] = [s1, s0].map((raw, index) => ({
    raw,
    active: isComputedFrom(cell, index) ? draft.activate(raw) : null,
  }));
  let index = 0;
  return cell.nodes.map((edges, node) => {
    const terms = edges.flatMap((edge) => {
      const state = at(states, stateIndex(edge.from), `states of ${prefix}`);
      const edgePlace = { prefix: `${prefix}.op_${index++}`, channels, offsetLimitPx, ...state };
      return specOf(edge.primitive).kind === "noise" ? [] : [addEdge(draft, edge, edgePlace)];
    });
    const name = `${prefix}.node_${node}`;
    const raw =
      terms.length === 0 ? draft.add(name, [s1, s1], { kind: "subtract" }) : draft.add(name, terms, { kind: "add" });
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

/** Where an edge stands: the prefix of its names, its channels, and the state that it reads, as it is and through the activation. */
export interface EdgePlace extends Pick<CellPlace, "prefix" | "channels" | "offsetLimitPx"> {
  readonly raw: string;
  readonly active: string | null;
}

/** Adds one edge: its primitive's filters and norms one after another, or the state itself. */
export function addEdge(draft: GraphDraft, { primitive }: GenotypeEdge, place: EdgePlace): string {
  const { prefix, channels, offsetLimitPx, raw, active } = place;
  const spec = specOf(primitive);
  if (spec.kind !== "computed" || active === null) return raw;
  return addComputed(draft, spec, { prefix, active, inputChannels: channels, channels, offsetLimitPx, dilation: 1 });
}

/** Where a primitive computes: what it reads, through the activation, and what it leaves. */
export interface ComputedPlace {
  readonly prefix: string;
  readonly active: string;
  readonly inputChannels: ChannelGroups;
  readonly channels: ChannelGroups;
  readonly offsetLimitPx: number;
  /** How many times as far apart as in the primitive the taps of its filters lie. */
  readonly dilation: number;
}

/** Adds the filters and norms of a primitive one after another, each norm but the last with an activation. */
export function addComputed(draft: GraphDraft, spec: ComputedSpec, place: ComputedPlace): string {
  return spec.stages.reduce((x, stage, index) => {
    const { norm } = stage;
    const filtered = addFilter(draft, stage, x, place);
    if (norm === null) return filtered;
    const normalised = draft.add(`${place.prefix}.${norm}`, [filtered], { kind: "norm", isAffine: true });
    return index === spec.stages.length - 1 ? normalised : draft.activate(normalised);
  }, place.active);
}

function addFilter(draft: GraphDraft, stage: FilterStage, x: string, place: ComputedPlace): string {
  const { name, kind, side } = stage;
  const { prefix, channels, offsetLimitPx: limitPx } = place;
  const filter = `${prefix}.${name}`;
  const dilation = side === 1 ? 1 : stage.dilation * place.dilation;
  if (kind === "depthwise") return draft.add(filter, [x], { kind, side, dilation });
  if (kind === "convolution") return draft.add(filter, [x], { kind, side, dilation, channels });
  const groups = deformableGroups(place.inputChannels.channels);
  const map = `${prefix}.${TAP_MAP}`;
  const operation = { kind: "convolution", side, dilation, channels: tapMapChannels(side, groups), gain: 0 } as const;
  const places = draft.add(map, [draft.add(`${map}.conv`, [x], operation)], { kind: "bias" });
  return draft.add(filter, [x, places], { kind, side, dilation, channels, groups, limitPx });
}

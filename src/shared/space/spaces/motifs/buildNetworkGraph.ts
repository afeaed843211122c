import { at } from "#shared/at.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { addComputed } from "#shared/space/spaces/addCell.ts";
import { addDoor } from "#shared/space/spaces/addDoor.ts";
import { addNoise } from "#shared/space/spaces/addNoise.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";

import { type FlatCell, flatten } from "./flatten.ts";
import type { MotifGenotype } from "./genotype.ts";

type MotifPlan = NetworkPlan<MotifGenotype>;

/**
 * Describes a network of motifs: a stem, cells in a row that each add to what they read, and a last convolution whose value is
 * subtracted from the input as the noise. A node that joins several values leads them through a 1x1 convolution, so that all
 * nodes have the same channels.
 */
export function buildNetworkGraph(plan: MotifPlan): NetworkGraph {
  const draft = new GraphDraft();
  const flat = flatten(plan.genotype);
  draft.begin("stem");
  const wide = { groups: 1, channels: plan.stemChannels };
  const stem = draft.activate(draft.convolve("stem", addDoor(draft, plan), { side: 3, channels: wide }));
  let x = draft.convolve("stem.reduce", stem, { side: 1, channels: channelsOf(plan) });
  for (let cell = 0; cell < plan.genotype.cells; cell++) {
    draft.begin(`cell_${cell}`);
    x = addFlatCell(draft, plan, flat, { prefix: `cell_${cell}`, x });
  }
  draft.begin("decoder");
  // A cell of skips alone leaves what it read, through whose activation others may have read it already.
  return { nodes: draft.nodes, output: addNoise(draft, plan, activateOnce(draft, x)) };
}

interface CellPlace {
  readonly prefix: string;
  readonly x: string;
}

function addFlatCell(draft: GraphDraft, plan: MotifPlan, { nodes, edges }: FlatCell, { prefix, x }: CellPlace): string {
  const channels = channelsOf(plan);
  const values = new Map([[at(nodes, 0, "nodes of a cell"), x]]);
  const valueOf = (node: string): string => {
    const value = values.get(node);
    if (value === undefined) throw new Error(`motifs: node ${node} must come before those that read it`);
    return value;
  };
  for (const node of nodes.slice(1)) {
    const reached = edges
      .filter(({ to }) => to === node)
      .map(({ name, from, primitive }) => {
        const spec = specOf(primitive);
        if (spec.kind !== "computed") return valueOf(from);
        return addComputed(draft, spec, {
          prefix: `${prefix}.${name}`,
          active: activateOnce(draft, valueOf(from)),
          inputChannels: channels,
          channels,
          offsetLimitPx: plan.offsetLimitPx,
          dilation: 1,
        });
      });
    values.set(node, merge(draft, plan, `${prefix}.${node}`, reached));
  }
  const last = valueOf(at(nodes, nodes.length - 1, "nodes of a cell"));
  return last === x ? x : draft.add(`${prefix}.sum`, [x, last], { kind: "add" });
}

/** Joins what reaches a node; one value alone is the node's. */
function merge(draft: GraphDraft, plan: MotifPlan, name: string, reached: readonly string[]): string {
  if (reached.length === 1) return at(reached, 0, "values that reach a node");
  const joined = draft.add(`${name}.joined`, reached, { kind: "concat" });
  return draft.convolve(name, joined, { side: 1, channels: channelsOf(plan) });
}

function activateOnce(draft: GraphDraft, x: string): string {
  const active = `${x}.active`;
  return draft.nodes.some(({ name }) => name === active) ? active : draft.activate(x);
}

function channelsOf({ filters }: MotifPlan): { readonly groups: number; readonly channels: number } {
  return { groups: 1, channels: filters };
}

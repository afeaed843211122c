import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import type { Stabilisers } from "#shared/runs/stabilisersSchema.ts";

import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

type OpWeights = ArchWeights["op"];
type Perturbation = Stabilisers["perturbation"];

/** How far op weights are moved at first; the published code grows from here to the setting. */
const FIRST_RADIUS = 0.03;

/** The loss with some op weights, and its gradient with respect to them. */
type Walk = (weights: ArchWeights) => { readonly loss: number; readonly archGradients: ArchWeightGradients };

/** How far an op weight may be moved once `share` (0..1) of the epochs behind the warm-up are over. */
export function perturbationRadius({ radius }: Exclude<Perturbation, { kind: "none" }>, share: number): number {
  const first = Math.min(FIRST_RADIUS, radius);
  return first + (radius - first) * share;
}

/**
 * The arch weights that a weight step takes instead of the search's own (SmoothDARTS): op weights moved by up to `radius`, at random or to where
 * the loss of the step's batch is worst. Move weights stay.
 */
export function perturb(
  weights: ArchWeights,
  setting: Perturbation,
  share: number,
  random: Random,
  walk: Walk,
): ArchWeights {
  if (setting.kind === "none") return weights;
  const radius = perturbationRadius(setting, share);
  const moved = { ...weights, op: perturbRandomly(weights.op, radius, random) };
  return setting.kind === "random" ? moved : climb(weights, moved, { radius, steps: setting.steps }, walk);
}

/** Moves each op weight by a number drawn evenly from -radius to radius, and brings each edge back to shares. */
function perturbRandomly(op: OpWeights, radius: number, random: Random): OpWeights {
  return mapEdges(op, (edge) =>
    toShares(
      edge,
      edge.map((weight) => weight + (2 * random.uniform() - 1) * radius),
    ),
  );
}

/** Goes up the loss by signs of the gradient, never farther than `radius` from `start`; gives `start` where that is worse. */
function climb(
  start: ArchWeights,
  first: ArchWeights,
  { radius, steps }: { readonly radius: number; readonly steps: number },
  walk: Walk,
): ArchWeights {
  const stride = (2 * radius) / steps;
  let moved = first;
  for (let step = 0; step < steps; step++) {
    const { archGradients } = walk(moved);
    const { op } = moved;
    moved = {
      ...start,
      op: mapEdges(start.op, (edge, layer, index) => {
        const slopes = at(at(archGradients.op, layer, "gradients"), index, "gradients");
        const here = at(at(op, layer, "op weights"), index, "op weights");
        const goal = here.map((weight, i) => weight + stride * Math.sign(at(slopes, i, "gradients")));
        return toShares(
          edge,
          goal.map((weight, i) => within(weight, at(edge, i, "op weights"), radius)),
        );
      }),
    };
  }
  return walk(moved).loss < walk(start).loss ? start : moved;
}

/**
 * Brings moved weights of an edge back between 0 and 1 and to the sum that they had; a primitive that was dropped, whose weight was 0, stays so. Where
 * nothing is left the edge stays as it was.
 */
function toShares(edge: readonly number[], moved: readonly number[]): readonly number[] {
  const clipped = moved.map((weight, i) => (edge[i] === 0 ? 0 : Math.min(1, Math.max(0, weight))));
  const sum = total(clipped);
  return sum === 0 ? edge : clipped.map((weight) => (weight * total(edge)) / sum);
}

function total(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function within(value: number, middle: number, radius: number): number {
  return Math.min(middle + radius, Math.max(middle - radius, value));
}

function mapEdges(
  op: OpWeights,
  map: (edge: readonly number[], layer: number, index: number) => readonly number[],
): OpWeights {
  return op.map((layer, l) => layer.map((edge, e) => map(edge, l, e)));
}

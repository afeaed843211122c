import { at } from "#shared/at.ts";
import type { ArchLogits } from "./archLogits.ts";
import { type CellEdge, countNodes, edgesOf } from "./cellGraph.ts";
import { rankPrimitives, type WeighedPrimitive, weighPrimitives } from "./edgeRanking.ts";
import type { Genotype } from "./genotype.ts";
import type { Primitive } from "./primitives.ts";

/** How decided one edge is. */
export interface EdgeCertainty extends CellEdge {
  /** Strongest primitive besides `none`. */
  readonly winner: Primitive;
  /** Op weight of the winner minus that of the next primitive besides `none`, 0..1; its own weight where it has no rival. */
  readonly margin: number;
  /** Entropy of all op weights of the edge as a share of the largest possible: 0 is decided, 1 is uniform. */
  readonly entropy: number;
  /** Whether the margin is within what chance gives an untrained search. */
  readonly isUndecided: boolean;
}

/** How much of a genotype is skip connections. */
export interface SkipCount {
  readonly skips: number;
  readonly edges: number;
  /** True where half of the kept edges or more are skips: the known failure of differentiable search. */
  readonly isCollapsed: boolean;
  /** The layers whose own cell is so. */
  readonly collapsedLayers: readonly number[];
}

/**
 * Two logits that differ by less are undecided: a random walk of as many steps as the published search has arch steps (2,000
 * of 0.001) ends 0.045 away from its start.
 */
const NOISE_LOGIT = 0.05;

/** Tells whether a softmax weight is ahead of another one by no more than an untrained search could come to by chance. */
export function isWithinNoise(stronger: number, weaker: number): boolean {
  return Math.log(stronger) - Math.log(weaker) < NOISE_LOGIT;
}

/** Measures how decided every edge of layer `layer` is; logits as checked by `derive` [edges]. */
export function edgeCertainties(logits: ArchLogits, layer: number): EdgeCertainty[] {
  const rows = at(logits.alpha, layer, "edgeCertainties: layers of alpha");
  return edgesOf(countNodes(rows.length)).map((edge, index) => {
    const weighed = weighPrimitives(logits, at(rows, index, "edgeCertainties: edges"));
    const [best, rival] = rankPrimitives(weighed);
    if (best === undefined) throw new Error("edgeCertainties: an edge needs at least one primitive besides none");
    return {
      ...edge,
      winner: best.primitive,
      margin: best.weight - (rival?.weight ?? 0),
      entropy: normalisedEntropy(toShares(logits, weighed)),
      isUndecided: rival !== undefined && isWithinNoise(best.weight, rival.weight),
    };
  });
}

/** Sigmoids do not sum to 1, and an entropy is of shares. */
function toShares({ opWeights }: ArchLogits, weighed: readonly WeighedPrimitive[]): number[] {
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  return weighed.map(({ weight }) => (opWeights === "sigmoid" && sum > 0 ? weight / sum : weight));
}

/** Returns the entropy of probabilities as a share of that of a uniform choice, 0..1; 0 where there is no choice. */
export function normalisedEntropy(probabilities: readonly number[]): number {
  if (probabilities.length < 2) return 0;
  const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  return Math.min(1, entropy / Math.log(probabilities.length));
}

/** Counts the kept edges of all layers that are `noise`, which a network leaves out. */
export function countNoise({ cells }: Pick<Genotype, "cells">): number {
  return cells.flatMap(({ nodes }) => nodes.flat()).filter(({ primitive }) => primitive === "noise").length;
}

/** Counts the skip connections among the kept edges of all layers. */
export function countSkips(genotype: Genotype): SkipCount {
  const cells = genotype.cells.map(({ nodes }) => {
    const edges = nodes.flat();
    return { edges: edges.length, skips: edges.filter(({ primitive }) => primitive === "skip_connect").length };
  });
  const edges = cells.reduce((sum, cell) => sum + cell.edges, 0);
  const skips = cells.reduce((sum, cell) => sum + cell.skips, 0);
  const collapsedLayers = cells.flatMap((cell, layer) => (2 * cell.skips >= cell.edges ? [layer] : []));
  return { skips, edges, isCollapsed: 2 * skips >= edges, collapsedLayers };
}

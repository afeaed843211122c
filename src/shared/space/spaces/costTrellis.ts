import { at } from "#shared/at.ts";
import { stateName } from "#shared/space/cells/cellGraph.ts";
import type { GenotypeCell } from "#shared/space/cells/genotype.ts";

/** One way through a layer: from a state before it to one behind it, into the cell of a width level. */
export interface CostWay {
  readonly from: number;
  readonly to: number;
  /** The entry of beta that it is taken by. */
  readonly row: number;
  readonly column: number;
  readonly level: number;
  /** What it costs besides the ops of the cell. */
  readonly fixed: number;
}

/** A layer of a trellis: the states behind it, all ways through it, and what an op costs on an edge `[levels, primitives]`. */
export interface CostLayer {
  readonly states: number;
  readonly ways: readonly CostWay[];
  readonly opCosts: readonly (readonly number[])[];
}

/** All networks of a search space with what they cost: a walk from state 0 through the layers is one. */
export interface CostTrellis {
  /** What every network costs besides its ways and ops. */
  readonly fixed: number;
  readonly layers: readonly CostLayer[];
}

/** Op weights `[layers, edges, primitives]` and move weights `[rows of beta, columns]`, or a gradient with respect to them. */
export interface CostWeights {
  readonly op: readonly (readonly (readonly number[])[])[];
  readonly move: readonly (readonly number[])[];
}

/** An expected cost, and its gradient with respect to op and move weights. */
export interface ExpectedCost {
  readonly value: number;
  readonly gradient: CostWeights;
}

/** What all walks to a state, or from it, weigh together, and that times what each costs. */
interface Walks {
  readonly mass: number[];
  readonly cost: number[];
}

/**
 * The cost that a network is expected to have whose ops are drawn by the op weights, each edge by itself, and whose width path
 * is drawn by the move weights. Where each edge and each router has one weight of 1, it is the cost of that one network.
 */
export function expectCost({ fixed, layers }: CostTrellis, weights: CostWeights): ExpectedCost {
  const cells = layers.map(({ opCosts }, layer) => {
    const rows = at(weights.op, layer, "op weights");
    return opCosts.map((costs) => rows.reduce((sum, row) => sum + dot(row, costs), 0));
  });
  const costOf = (layer: number, { level, fixed: own }: CostWay): number =>
    own + at(at(cells, layer, "cells"), level, "width levels");
  const weightOf = ({ row, column }: CostWay): number => at(at(weights.move, row, "move weights"), column, "moves");

  const ahead: Walks[] = [{ mass: [1], cost: [0] }];
  for (const [layer, { states, ways }] of layers.entries()) {
    const before = at(ahead, layer, "walks");
    const after = noWalks(states);
    for (const way of ways) extend(before, way.from, after, way.to, weightOf(way), costOf(layer, way));
    ahead.push(after);
  }
  const ends = at(layers, layers.length - 1, "layers").states;
  let behind: Walks = { mass: new Array<number>(ends).fill(1), cost: new Array<number>(ends).fill(0) };
  const move = weights.move.map((row) => row.map(() => 0));
  const op: number[][][] = [];
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { ways, opCosts } = at(layers, layer, "layers");
    const [before, after] = [at(ahead, layer, "walks"), behind];
    const start = noWalks(before.mass.length);
    const levels = opCosts.map(() => 0);
    for (const way of ways) {
      const [weight, cost] = [weightOf(way), costOf(layer, way)];
      const [mass, beyond] = [at(before.mass, way.from, "states"), at(after.mass, way.to, "states")];
      const soFar = at(before.cost, way.from, "states") + mass * cost;
      addTo(at(move, way.row, "move weights"), way.column, soFar * beyond + mass * at(after.cost, way.to, "states"));
      addTo(levels, way.level, mass * weight * beyond);
      extend(after, way.to, start, way.from, weight, cost);
    }
    behind = start;
    const primitives = at(opCosts, 0, "width levels").map((_, column) =>
      opCosts.reduce((sum, costs, level) => sum + at(levels, level, "levels") * at(costs, column, "primitives"), 0),
    );
    op.unshift(at(weights.op, layer, "op weights").map(() => [...primitives]));
  }
  const value = fixed + at(ahead, layers.length, "walks").cost.reduce((sum, cost) => sum + cost, 0);
  return { value, gradient: { op, move } };
}

/**
 * A cell in which nothing is computed: what is left of a network's cost is not its ops'. No two nodes have the same sum, for an engine may
 * compute that once.
 */
export function skippingCell(nodes: number): GenotypeCell {
  const primitive = "skip_connect";
  return {
    nodes: Array.from({ length: nodes }, (_, node) => [
      { from: stateName(node + 1), primitive },
      { from: "s1", primitive },
    ]),
  };
}

function noWalks(states: number): Walks {
  return { mass: new Array<number>(states).fill(0), cost: new Array<number>(states).fill(0) };
}

/** Adds the walks of a state, longer by one way, to those of another. */
function extend(walks: Walks, from: number, into: Walks, to: number, weight: number, cost: number): void {
  const mass = at(walks.mass, from, "states") * weight;
  addTo(into.mass, to, mass);
  addTo(into.cost, to, at(walks.cost, from, "states") * weight + mass * cost);
}

function addTo(row: number[], index: number, amount: number): void {
  row[index] = at(row, index, "row") + amount;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, index) => sum + each * at(b, index, "costs"), 0);
}

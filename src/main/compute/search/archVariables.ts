import { at } from "#shared/at.ts";
import { IMPOSSIBLE_LOGIT, initArchLogits } from "#shared/space/cells/archLogits.ts";
import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { countNodes, incomingEdgeCount } from "#shared/space/cells/cellGraph.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { toEdgeWeights } from "#shared/space/cells/edgeWeights.ts";
import { type OpWeightKind, toOpWeights } from "#shared/space/cells/opWeights.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

import { sigmoidGradient } from "./stabilisers/sigmoidGradient.ts";

const EPSILON = 1e-8;

/** Logits and both Adam moments, each as one row of numbers, for a checkpoint. */
export interface ArchState {
  readonly logits: Float32Array<ArrayBuffer>;
  readonly firstMoment: Float32Array<ArrayBuffer>;
  readonly secondMoment: Float32Array<ArrayBuffer>;
}

/** How the gradient of op weights becomes that of the logits. */
const OP_WEIGHT_GRADIENTS: Readonly<Record<OpWeightKind, typeof softmaxGradient>> = {
  softmax: softmaxGradient,
  sigmoid: sigmoidGradient,
};

/** How arch weights follow from arch variables. */
export interface ArchRules {
  readonly opWeights: OpWeightKind;
  /** Whether edges have a weight of their own among those into their node (PC-DARTS). */
  readonly hasEdgeWeights: boolean;
}

const PLAIN_RULES: ArchRules = { opWeights: "softmax", hasEdgeWeights: false };

/**
 * Alpha and beta with their Adam optimiser (science notes 1.7). A few hundred numbers: they live here and not in the
 * engine, rounded to 32 bits after each update so that a checkpoint holds them exactly. Tied alpha is one row block for
 * all layers; impossible moves never change.
 */
export class ArchVariables {
  readonly #space: SearchSpace;
  readonly #settings: SearchConfig["search"]["arch"];
  readonly #rules: ArchRules;
  readonly #initial: ArchLogits;
  #state: ArchState;

  constructor(space: SearchSpace, settings: SearchConfig["search"]["arch"], rules: ArchRules = PLAIN_RULES) {
    this.#space = space;
    this.#settings = settings;
    this.#rules = rules;
    this.#initial = initArchLogits(space, rules);
    const { alpha, beta, edges = [] } = this.#initial;
    const blocks = [this.#alphaBlocks(alpha).flat(2), beta.flat(), this.#alphaBlocks(edges).flat()];
    const logits = Float32Array.from(blocks.flat());
    const { length } = logits;
    this.#state = { logits, firstMoment: new Float32Array(length), secondMoment: new Float32Array(length) };
  }

  /** The logits as plain data; tied alpha is repeated for each layer. */
  logits(): ArchLogits {
    let offset = 0;
    const take = (row: readonly number[]): number[] => {
      const values = [...this.#state.logits.subarray(offset, offset + row.length)];
      offset += row.length;
      return values;
    };
    const blocks = this.#alphaBlocks(this.#initial.alpha).map((block) => block.map(take));
    const alpha = this.#initial.alpha.map((_, layer) => at(blocks, this.#blockOf(layer), "alpha block"));
    const beta = this.#initial.beta.map(take);
    if (this.#initial.edges === undefined) return { ...this.#initial, alpha, beta };
    const edgeBlocks = this.#alphaBlocks(this.#initial.edges).map(take);
    const edges = alpha.map((_, layer) => at(edgeBlocks, this.#blockOf(layer), "block of edges"));
    return { ...this.#initial, alpha, beta, edges };
  }

  /** Op weights and move weights: the softmaxes of the logits, or the sigmoids of alpha; op weights times those of their edges, if any. */
  weights(): ArchWeights {
    const { alpha, beta, edges } = this.logits();
    const op = this.#plainOpWeights(alpha);
    if (edges === undefined) return { op, move: beta.map(softmax) };
    const weighed = op.map((layer, l) => {
      const own = toEdgeWeights(at(edges, l, "layers of edges"));
      return layer.map((edge, e) => edge.map((weight) => weight * at(own, e, "edges")));
    });
    return { op: weighed, move: beta.map(softmax) };
  }

  #plainOpWeights(alpha: ArchLogits["alpha"]): number[][][] {
    return alpha.map((layer) => layer.map((edge) => toOpWeights(this.#rules.opWeights, edge)));
  }

  /**
   * One Adam step down the gradients with respect to op and move weights; `step` counts from 0. `penalty` [alphaLength] is added to the
   * gradient of alpha's logits.
   */
  update(gradients: ArchWeightGradients, step: number, penalty: readonly number[] = []): void {
    const { logits, firstMoment, secondMoment } = this.#state;
    const { learningRate, beta1, beta2, weightDecay } = this.#settings;
    this.#logitGradients(gradients).forEach((gradient, index) => {
      const logit = at(logits, index, "logit");
      if (logit === IMPOSSIBLE_LOGIT) {
        return;
      }
      const slope = gradient + (penalty[index] ?? 0) + weightDecay * logit; // Beta and edges have no penalty.
      const first = beta1 * at(firstMoment, index, "first moment") + (1 - beta1) * slope;
      const second = beta2 * at(secondMoment, index, "second moment") + (1 - beta2) * slope * slope;
      const scale = Math.sqrt(second / (1 - beta2 ** (step + 1))) + EPSILON;
      firstMoment[index] = first;
      secondMoment[index] = second;
      logits[index] = logit - (learningRate * (first / (1 - beta1 ** (step + 1)))) / scale;
    });
  }

  /** How many logits alpha has; they come first in the state. */
  get alphaLength(): number {
    return this.#alphaBlocks(this.#initial.alpha).flat(2).length;
  }

  /** The weights with these primitives of a row of `alphaRows` weighing nothing, and all others what they do. */
  weightsWithout(row: number, primitives: readonly number[]): ArchWeights {
    const { op, move } = this.weights();
    const edges = this.alphaRows.length / this.#alphaBlocks(op).length;
    const isRow = (layer: number, edge: number): boolean => this.#blockOf(layer) * edges + edge === row;
    const without = (weight: number, primitive: number): number => (primitives.includes(primitive) ? 0 : weight);
    return {
      op: op.map((layer, l) => layer.map((weights, e) => (isRow(l, e) ? weights.map(without) : weights))),
      move,
    };
  }

  /** Drops primitives for good: `dropped` lists them for each row of `alphaRows`. */
  drop(dropped: readonly (readonly number[])[]): void {
    const logits = this.#state.logits.slice();
    const { length } = this.#space.primitives;
    dropped.forEach((primitives, row) => {
      for (const primitive of primitives) logits[row * length + primitive] = IMPOSSIBLE_LOGIT;
    });
    this.#state = { ...this.#state, logits };
  }

  /** The rows of alpha's logits as they are learnt, tied ones once: [edges of all layers, primitives]. */
  get alphaRows(): readonly (readonly number[])[] {
    return this.#alphaBlocks(this.logits().alpha).flat();
  }

  /** The same variables with alpha moved by `shift` [alphaLength]. */
  movedBy(shift: readonly number[]): ArchVariables {
    const moved = new ArchVariables(this.#space, this.#settings, this.#rules);
    const { logits, ...moments } = this.state();
    moved.restore({ ...moments, logits: logits.map((logit, index) => logit + (shift[index] ?? 0)) }); // Beta and edges stay.
    return moved;
  }

  /** The gradient with respect to alpha's logits, from that with respect to op and move weights [alphaLength]. */
  alphaGradient(gradients: ArchWeightGradients): readonly number[] {
    return this.#logitGradients(gradients).slice(0, this.alphaLength);
  }

  /** A copy of everything that a continuation needs. */
  state(): ArchState {
    const { logits, firstMoment, secondMoment } = this.#state;
    return { logits: logits.slice(), firstMoment: firstMoment.slice(), secondMoment: secondMoment.slice() };
  }

  restore(state: ArchState): void {
    this.#state = state;
  }

  #logitGradients(gradients: ArchWeightGradients): number[] {
    const { alpha: logits, beta: betaLogits, edges } = this.logits();
    const toLogits = OP_WEIGHT_GRADIENTS[this.#rules.opWeights];
    const op = this.#plainOpWeights(logits);
    const slopesOf = (layer: number, edge: number): readonly number[] =>
      at(at(gradients.op, layer, "alpha gradient"), edge, "alpha gradient");
    const edgeWeights = edges?.map(toEdgeWeights);
    const alpha = op.map((layer, l) =>
      layer.map((edge, e) => {
        const slopes = toLogits(edge, slopesOf(l, e));
        const own = edgeWeights === undefined ? null : at(at(edgeWeights, l, "layers of edges"), e, "edges");
        return own === null ? slopes : slopes.map((slope) => slope * own);
      }),
    );
    const beta = betaLogits.map((row, router) =>
      softmaxGradient(softmax(row), at(gradients.move, router, "beta gradient")),
    );
    const byEdge = (edgeWeights ?? []).map((weights, l) => {
      // By the weight of an edge: what its op weights would come to, one by one.
      const slopes = at(op, l, "op weights").map((edge, e) => dot(edge, slopesOf(l, e)));
      return [edgeWeightsGradient(weights, slopes)];
    });
    return [...this.#sumTied(alpha).flat(2), ...beta.flat(), ...this.#sumTied(byEdge).flat(2)];
  }

  #sumTied(alpha: number[][][]): number[][][] {
    const [first] = alpha;
    if (this.#space.alphaSharing === "per_layer" || first === undefined) {
      return alpha;
    }
    const sumOver = (edge: number, primitive: number): number =>
      alpha.reduce((sum, layer) => sum + at(at(layer, edge, "alpha gradient"), primitive, "alpha gradient"), 0);
    return [first.map((row, edge) => row.map((_, primitive) => sumOver(edge, primitive)))];
  }

  #alphaBlocks<T>(alpha: readonly T[]): readonly T[] {
    return this.#space.alphaSharing === "tied" ? alpha.slice(0, 1) : alpha;
  }

  #blockOf(layer: number): number {
    return this.#space.alphaSharing === "tied" ? 0 : layer;
  }
}

/** Node by node, the gradient with respect to the logits of edges from that with respect to their weights. */
function edgeWeightsGradient(weights: readonly number[], slopes: readonly number[]): number[] {
  const gradient: number[] = [];
  for (let node = 0; node < countNodes(weights.length); node++) {
    const end = gradient.length + incomingEdgeCount(node);
    gradient.push(...softmaxGradient(weights.slice(gradient.length, end), slopes.slice(gradient.length, end)));
  }
  return gradient;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, index) => sum + each * at(b, index, "op weights"), 0);
}

/**
 * Turns the gradient with respect to softmax outputs into the gradient with respect to the logits:
 * w_i * (g_i - sum_j w_j g_j). `weights` are the outputs; both have one entry per logit.
 */
export function softmaxGradient(weights: readonly number[], gradient: readonly number[]): number[] {
  const slope = (index: number): number => at(gradient, index, "softmax gradient");
  const mean = weights.reduce((total, weight, index) => total + weight * slope(index), 0);
  return weights.map((weight, index) => weight * (slope(index) - mean));
}

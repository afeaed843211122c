import { at } from "#shared/at.ts";
import { IMPOSSIBLE_LOGIT, initArchLogits } from "#shared/space/cells/archLogits.ts";
import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

const EPSILON = 1e-8;

/** Logits and both Adam moments, each as one row of numbers, for a checkpoint. */
export interface ArchState {
  readonly logits: Float32Array<ArrayBuffer>;
  readonly firstMoment: Float32Array<ArrayBuffer>;
  readonly secondMoment: Float32Array<ArrayBuffer>;
}

/**
 * Alpha and beta with their Adam optimiser (science notes 1.7). A few hundred numbers: they live here and not in the
 * engine, rounded to 32 bits after each update so that a checkpoint holds them exactly. Tied alpha is one row block for
 * all layers; impossible moves never change.
 */
export class ArchVariables {
  readonly #space: SearchSpace;
  readonly #settings: SearchConfig["search"]["arch"];
  readonly #initial: ArchLogits;
  #state: ArchState;

  constructor(space: SearchSpace, settings: SearchConfig["search"]["arch"]) {
    this.#space = space;
    this.#settings = settings;
    this.#initial = initArchLogits(space);
    const logits = Float32Array.from([...this.#alphaBlocks(this.#initial.alpha).flat(2), ...this.#initial.beta.flat()]);
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
    return { primitives: this.#initial.primitives, alpha, beta: this.#initial.beta.map(take) };
  }

  /** Op weights and move weights: the softmaxes of the logits. */
  weights(): ArchWeights {
    const { alpha, beta } = this.logits();
    return { op: alpha.map((layer) => layer.map(softmax)), move: beta.map(softmax) };
  }

  /** One Adam step down the gradients with respect to op and move weights; `step` counts from 0. */
  update(gradients: ArchWeightGradients, step: number): void {
    const { logits, firstMoment, secondMoment } = this.#state;
    const { learningRate, beta1, beta2, weightDecay } = this.#settings;
    this.#logitGradients(gradients).forEach((gradient, index) => {
      const logit = at(logits, index, "logit");
      if (logit === IMPOSSIBLE_LOGIT) {
        return;
      }
      const slope = gradient + weightDecay * logit;
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

  /** The same variables with alpha moved by `shift` [alphaLength]. */
  movedBy(shift: readonly number[]): ArchVariables {
    const moved = new ArchVariables(this.#space, this.#settings);
    const { logits, ...moments } = this.state();
    moved.restore({ ...moments, logits: logits.map((logit, index) => logit + (shift[index] ?? 0)) }); // Beta stays.
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
    const weights = this.weights();
    const alpha = weights.op.map((layer, l) =>
      layer.map((edge, e) => softmaxGradient(edge, at(at(gradients.op, l, "alpha gradient"), e, "alpha gradient"))),
    );
    const beta = weights.move.map((row, router) => softmaxGradient(row, at(gradients.move, router, "beta gradient")));
    return [...this.#sumTied(alpha).flat(2), ...beta.flat()];
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

/**
 * Turns the gradient with respect to softmax outputs into the gradient with respect to the logits:
 * w_i * (g_i - sum_j w_j g_j). `weights` are the outputs; both have one entry per logit.
 */
export function softmaxGradient(weights: readonly number[], gradient: readonly number[]): number[] {
  const slope = (index: number): number => at(gradient, index, "softmax gradient");
  const mean = weights.reduce((total, weight, index) => total + weight * slope(index), 0);
  return weights.map((weight, index) => weight * (slope(index) - mean));
}

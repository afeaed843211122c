import { IMPOSSIBLE_LOGIT, initArchLogits } from "#shared/space/cells/archLogits.ts";
import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { SearchSpace } from "#shared/space/spaces/widths/searchSpace.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

import { softmaxGradient } from "./softmaxGradient.ts";

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
    const alpha = this.#initial.alpha.map((_, layer) => blocks[this.#blockOf(layer)] ?? []);
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
      const logit = logits[index] ?? 0;
      if (logit === IMPOSSIBLE_LOGIT) {
        return;
      }
      const slope = gradient + weightDecay * logit;
      const first = beta1 * (firstMoment[index] ?? 0) + (1 - beta1) * slope;
      const second = beta2 * (secondMoment[index] ?? 0) + (1 - beta2) * slope * slope;
      const scale = Math.sqrt(second / (1 - beta2 ** (step + 1))) + EPSILON;
      firstMoment[index] = first;
      secondMoment[index] = second;
      logits[index] = logit - (learningRate * (first / (1 - beta1 ** (step + 1)))) / scale;
    });
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
      layer.map((edge, e) => softmaxGradient(edge, gradients.op[l]?.[e] ?? [])),
    );
    const beta = weights.move.map((row, router) => softmaxGradient(row, gradients.move[router] ?? []));
    return [...this.#sumTied(alpha).flat(2), ...beta.flat()];
  }

  #sumTied(alpha: number[][][]): number[][][] {
    const [first] = alpha;
    if (this.#space.alphaSharing === "per_layer" || first === undefined) {
      return alpha;
    }
    return [first.map((edge, e) => edge.map((_, p) => alpha.reduce((sum, layer) => sum + (layer[e]?.[p] ?? 0), 0)))];
  }

  #alphaBlocks<T>(alpha: readonly T[]): readonly T[] {
    return this.#space.alphaSharing === "tied" ? alpha.slice(0, 1) : alpha;
  }

  #blockOf(layer: number): number {
    return this.#space.alphaSharing === "tied" ? 0 : layer;
  }
}

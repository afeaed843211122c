import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";

import type { Tape, Value } from "#main/compute/layers/tape.ts";

/** Op weights and move weights: the softmaxes of alpha and beta, in the same order. */
export interface ArchWeights {
  /** `[layers, edges, primitives]` */
  readonly op: readonly (readonly (readonly number[])[])[];
  /** `[routers, 3]` */
  readonly move: readonly (readonly number[])[];
}

/** The mutable counterpart that gradients are summed into. */
export interface ArchWeightGradients {
  readonly op: number[][][];
  readonly move: number[][];
}

/** Adds a leaf's gradient, read back to numbers, to the weights it was made from. */
type Collect = (gradient: Float32Array, into: ArchWeightGradients) => void;

/**
 * Turns op and move weights into leaves of one tape. Arch variables are a few hundred numbers: they live outside the
 * engine, enter it as the scales of batch norms, and their gradients come back in a single read.
 */
export class ArchLeaves {
  readonly #tape: Tape;
  readonly #weights: ArchWeights;
  readonly #needsGradient: boolean;
  readonly #leaves: { readonly leaf: Value<Tensor>; readonly collect: Collect }[] = [];

  constructor(tape: Tape, weights: ArchWeights, needsGradient: boolean) {
    this.#tape = tape;
    this.#weights = weights;
    this.#needsGradient = needsGradient;
  }

  /** The op weight of each given edge, repeated over its channels: `[edges * channels]`. */
  opScale(layer: number, edges: readonly number[], primitive: number, channels: number): Value<Tensor1D> {
    const weights = edges.map((edge) => this.#opWeight(layer, edge, primitive));
    const scale = tf.tensor1d(weights.flatMap((weight) => new Array<number>(channels).fill(weight)));
    return this.#add(scale, (gradient, into) =>
      edges.forEach((edge, index) => {
        addTo(
          edgeOf(into.op, layer, edge),
          primitive,
          sum(gradient.subarray(index * channels, (index + 1) * channels)),
        );
      }),
    );
  }

  /** A pointwise filter `[1, 1, channels, edges * channels]` that copies its input to every edge, times the op weight. */
  copyFilter(layer: number, edges: readonly number[], primitive: number, channels: number): Value {
    const width = edges.length * channels;
    const values = new Float32Array(channels * width);
    edges.forEach((edge, index) => {
      const weight = this.#opWeight(layer, edge, primitive);
      for (let channel = 0; channel < channels; channel++) {
        values[channel * width + index * channels + channel] = weight;
      }
    });
    return this.#add(tf.tensor4d(values, [1, 1, channels, width]), (gradient, into) =>
      edges.forEach((edge, index) => {
        let total = 0;
        for (let channel = 0; channel < channels; channel++) {
          total += at(gradient, channel * width + index * channels + channel, "gradient of a copy");
        }
        addTo(edgeOf(into.op, layer, edge), primitive, total);
      }),
    );
  }

  /** The weight of one move of a router, repeated over the channels it leads to: `[channels]`. */
  moveScale(router: number, move: number, channels: number): Value<Tensor1D> {
    const weight = at(at(this.#weights.move, router, "move weights"), move, "move weights of a router");
    return this.#add(tf.fill([channels], weight), (gradient, into) =>
      addTo(at(into.move, router, "move weights"), move, sum(gradient)),
    );
  }

  /** Takes all gradients from the tape: one read from the engine. */
  takeGradients(): ArchWeightGradients {
    const into: ArchWeightGradients = {
      op: this.#weights.op.map((layer) => layer.map((edge) => edge.map(() => 0))),
      move: this.#weights.move.map((router) => router.map(() => 0)),
    };
    const gradients = this.#leaves.map(({ leaf }) => this.#tape.takeGradient(leaf) ?? tf.zerosLike(leaf.tensor));
    const joined = tf.tidy(() => tf.concat1d(gradients.map((gradient) => tf.reshape(gradient, [-1]))));
    const values = joined.dataSync<"float32">();
    tf.dispose([joined, ...gradients]);
    let offset = 0;
    for (const { leaf, collect } of this.#leaves) {
      collect(values.subarray(offset, offset + leaf.tensor.size), into);
      offset += leaf.tensor.size;
    }
    return into;
  }

  /** Frees the leaves. */
  close(): void {
    tf.dispose(this.#leaves.map(({ leaf }) => leaf.tensor));
  }

  #opWeight(layer: number, edge: number, primitive: number): number {
    return at(edgeOf(this.#weights.op, layer, edge), primitive, "op weights of an edge");
  }

  #add<T extends Tensor>(tensor: T, collect: Collect): Value<T> {
    const leaf = this.#tape.leaf(tensor, this.#needsGradient);
    this.#leaves.push({ leaf, collect });
    return leaf;
  }
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The row of one edge. */
function edgeOf<T>(layers: readonly (readonly T[])[], layer: number, edge: number): T {
  return at(at(layers, layer, "op weights"), edge, `op weights of layer ${layer}`);
}

function addTo(row: number[], index: number, amount: number): void {
  row[index] = at(row, index, "weights") + amount;
}

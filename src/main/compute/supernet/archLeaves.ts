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

/** Where `archVector` has a zero. */
const ZERO_PLACE = 0;

/** Lays a zero and all weights into one vector, row by row. */
export function archVector({ op, move }: ArchWeights): Float32Array {
  return Float32Array.from([0, ...op.flat(2), ...move.flat()]);
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
  readonly #vector: Tensor1D;
  /** Whether the vector was made here, and so is freed here. */
  readonly #ownsVector: boolean;
  readonly #fixed: Tensor[] = [];
  readonly #leaves: { readonly leaf: Value<Tensor>; readonly collect: Collect }[] = [];

  /**
   * Takes the numbers from `vector`, which holds the weights as `archVector` lays them and stays the caller's, where there
   * is one: it may hold others than `weights` when a recorded step runs again.
   */
  constructor(tape: Tape, weights: ArchWeights, needsGradient: boolean, vector: Tensor1D | null = null) {
    this.#tape = tape;
    this.#vector = vector ?? tf.tensor1d(archVector(weights));
    this.#ownsVector = vector === null;
    this.#weights = weights;
    this.#needsGradient = needsGradient;
  }

  /** The op weight of each given edge, repeated over its channels: `[edges * channels]`. */
  opScale(layer: number, edges: readonly number[], primitive: number, channels: number): Value<Tensor1D> {
    const places = edges.flatMap((edge) => new Array<number>(channels).fill(this.#opPlace(layer, edge, primitive)));
    return this.#add(this.#gather(places), (gradient, into) =>
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
    const places = new Array<number>(channels * width).fill(ZERO_PLACE);
    edges.forEach((edge, index) => {
      const place = this.#opPlace(layer, edge, primitive);
      for (let channel = 0; channel < channels; channel++) {
        places[channel * width + index * channels + channel] = place;
      }
    });
    const filter = tf.tidy(() => tf.reshape<tf.Rank.R4>(this.#gather(places), [1, 1, channels, width]));
    return this.#add(filter, (gradient, into) =>
      edges.forEach((edge, index) => {
        let total = 0;
        for (let channel = 0; channel < channels; channel++) {
          total += at(gradient, channel * width + index * channels + channel, "gradient of a copy");
        }
        addTo(edgeOf(into.op, layer, edge), primitive, total);
      }),
    );
  }

  /**
   * A pointwise filter `[1, 1, channels, edges * channels]` that lets channels pass by the mixed op of every edge, each to its place, times what
   * all primitives of the edge weigh together: 1, or the weight of the edge.
   */
  bypassFilter(
    layer: number,
    edges: readonly number[],
    passing: readonly (readonly [channel: number, place: number])[],
    channels: number,
  ): Value {
    const width = edges.length * channels;
    const { length } = edgeOf(this.#weights.op, layer, at(edges, 0, "edges"));
    const entries = edges.map((_, index) =>
      passing.map(([channel, place]) => channel * width + index * channels + place),
    );
    const filter = tf.tidy(() => {
      const parts = Array.from({ length }, (_, primitive) => {
        const places = new Array<number>(channels * width).fill(ZERO_PLACE);
        edges.forEach((edge, index) => {
          for (const entry of at(entries, index, "edges")) places[entry] = this.#opPlace(layer, edge, primitive);
        });
        return this.#gather(places);
      });
      return tf.reshape<tf.Rank.R4>(tf.addN(parts), [1, 1, channels, width]);
    });
    return this.#add(filter, (gradient, into) =>
      edges.forEach((edge, index) => {
        const total = at(entries, index, "edges").reduce((all, entry) => all + at(gradient, entry, "gradient"), 0);
        for (let primitive = 0; primitive < length; primitive++) {
          addTo(edgeOf(into.op, layer, edge), primitive, total);
        }
      }),
    );
  }

  /** A tensor that is no weight, for as long as the leaves; it passes to them. */
  fixed<T extends Tensor>(tensor: T): Value<T> {
    this.#fixed.push(tensor);
    return this.#tape.leaf(tensor, false);
  }

  /** The weight of one move of a router, repeated over the channels it leads to: `[channels]`. */
  moveScale(router: number, move: number, channels: number): Value<Tensor1D> {
    const places = new Array<number>(channels).fill(this.#movePlace(router, move));
    return this.#add(this.#gather(places), (gradient, into) =>
      addTo(at(into.move, router, "move weights"), move, sum(gradient)),
    );
  }

  /** Takes all gradients from the tape as one vector for `sumGradients`; the caller disposes it. */
  takeGradient(): Tensor1D {
    const gradients = this.#leaves.map(({ leaf }) => this.#tape.takeGradient(leaf) ?? tf.zerosLike(leaf.tensor));
    const joined = tf.tidy(() => tf.concat1d(gradients.map((gradient) => tf.reshape(gradient, [-1]))));
    tf.dispose(gradients);
    return joined;
  }

  /** Takes all gradients from the tape: one read from the engine. */
  takeGradients(): ArchWeightGradients {
    const gradient = this.takeGradient();
    const values = gradient.dataSync<"float32">();
    gradient.dispose();
    return this.sumGradients(values);
  }

  /** Sums the numbers of a gradient as `takeGradient` lays them into the weights that they belong to. */
  sumGradients(values: Float32Array): ArchWeightGradients {
    const into: ArchWeightGradients = {
      op: this.#weights.op.map((layer) => layer.map((edge) => edge.map(() => 0))),
      move: this.#weights.move.map((router) => router.map(() => 0)),
    };
    let offset = 0;
    for (const { leaf, collect } of this.#leaves) {
      collect(values.subarray(offset, offset + leaf.tensor.size), into);
      offset += leaf.tensor.size;
    }
    return into;
  }

  /** Frees the leaves, and the vector where none was given. */
  close(): void {
    tf.dispose(this.#fixed);
    tf.dispose(this.#leaves.map(({ leaf }) => leaf.tensor));
    if (this.#ownsVector) this.#vector.dispose();
  }

  #gather(places: readonly number[]): Tensor1D {
    return tf.tidy(() => tf.gather(this.#vector, tf.tensor1d([...places], "int32")));
  }

  #opPlace(layer: number, edge: number, primitive: number): number {
    const { length } = edgeOf(this.#weights.op, layer, edge);
    const edges = at(this.#weights.op, layer, "op weights").length;
    return 1 + (layer * edges + edge) * length + primitive;
  }

  #movePlace(router: number, move: number): number {
    const ops = this.#weights.op.flat(2).length;
    return 1 + ops + router * at(this.#weights.move, router, "move weights").length + move;
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

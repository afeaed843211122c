import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardKernels, TrainingKernels } from "#main/compute/kernels/kernels.ts";

/** A tensor that takes part in a computation, and whether anything upstream of it wants a gradient. */
export interface Value<T extends Tensor = Tensor4D> {
  readonly tensor: T;
  readonly needsGradient: boolean;
}

/** One recorded computation: given the gradients of its outputs it returns those of its inputs, null where none is wanted. */
interface Entry {
  readonly outputs: readonly Value<Tensor>[];
  readonly inputs: readonly Value<Tensor>[];
  readonly saved: readonly Tensor[];
  readonly pullback: Pullback;
}

/** Receives one gradient per output (null where the output was not used) and the tape's kernels, and returns one per input. */
export type Pullback = (gradients: readonly (Tensor | null)[], kernels: TrainingKernels) => readonly (Tensor | null)[];

/** A tape for computations that also run without gradients, where the kernels have none. */
export type ForwardTape = Tape<ForwardKernels>;

/**
 * Records a forward computation and walks it backwards. Unlike the stock autodiff it keeps only what an op asks to save,
 * frees each activation as soon as the walk has passed it, and skips the gradients nobody wants.
 *
 * A tape that does not record serves inference: outputs then obey the enclosing `scope`.
 * The tape owns every output and every saved tensor; leaves stay the caller's.
 */
export class Tape<K extends ForwardKernels = TrainingKernels> {
  readonly kernels: K;
  readonly isRecording: boolean;
  readonly #entries: Entry[] = [];
  readonly #gradients = new Map<Value<Tensor>, Tensor[]>();

  constructor(kernels: K, isRecording: boolean) {
    this.kernels = kernels;
    this.isRecording = isRecording;
  }

  /** Wraps a tensor that the caller owns, such as a variable or a batch. */
  leaf<T extends Tensor>(tensor: T, needsGradient: boolean): Value<T> {
    return { tensor, needsGradient: needsGradient && this.isRecording };
  }

  /** Whether a gradient of any of these is wanted: ops ask before they save. */
  wants(...values: readonly Value<Tensor>[]): boolean {
    return this.isRecording && values.some((value) => value.needsGradient);
  }

  /** Takes over the outputs and what the gradient needs of an op, and returns the outputs as values. */
  record<T extends Tensor>(
    outputs: readonly T[],
    inputs: readonly Value<Tensor>[],
    saved: readonly Tensor[],
    pullback: Pullback,
  ): Value<T>[] {
    const needsGradient = this.wants(...inputs);
    const values = outputs.map((tensor) => ({ tensor, needsGradient }));
    if (this.isRecording) {
      this.#entries.push({ outputs: values, inputs, saved, pullback });
    }
    return values;
  }

  /** Like `record` for an op with a single output. */
  recordOne<T extends Tensor>(
    output: T,
    inputs: readonly Value<Tensor>[],
    saved: readonly Tensor[],
    pullback: (gradient: Tensor, kernels: TrainingKernels) => readonly (Tensor | null)[],
  ): Value<T> {
    const [value] = this.record([output], inputs, saved, ([gradient], kernels) =>
      gradient == null ? inputs.map(() => null) : pullback(gradient, kernels),
    );
    if (value === undefined) {
      throw new Error("tape: an op with one output recorded none");
    }
    return value;
  }

  /** Runs a part of a computation; without recording, everything made inside but the returned values is freed at its end. */
  scope<R extends object>(run: () => R): R {
    return this.isRecording ? run() : (tf.tidy(run as () => tf.TensorContainer) as R);
  }

  /** Frees outputs early. The caller vouches that no pullback reads them: sums and splits, for instance, do not. */
  discard(values: readonly Value<Tensor>[]): void {
    tf.dispose(values.map((value) => value.tensor));
  }

  /** Frees values that no later op reads, unless recording: then pullbacks may still read them. */
  release(values: readonly Value<Tensor>[]): void {
    if (!this.isRecording) {
      this.discard(values);
    }
  }

  /**
   * Walks back from `output`, whose gradient is `seed` (both of one shape; the seed is disposed), and frees everything on
   * the way. Gradients of leaves remain until `takeGradient` or `dispose`.
   */
  backward(this: Tape, output: Value<Tensor>, seed: Tensor): void {
    this.#contribute(output, seed);
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      this.#walk(entry);
    }
  }

  /** Hands over the summed gradient of a leaf, or null where nothing reached it. The caller disposes it. */
  takeGradient<T extends Tensor>(this: Tape, leaf: Value<T>): T | null {
    const contributions = this.#gradients.get(leaf);
    this.#gradients.delete(leaf);
    return contributions === undefined ? null : (this.#sum(contributions) as T);
  }

  /** Frees whatever is still held: recorded entries and gradients that nobody took. */
  dispose(): void {
    for (const entry of this.#entries.splice(0)) {
      tf.dispose([...entry.saved, ...entry.outputs.map((value) => value.tensor)]);
    }
    for (const contributions of this.#gradients.values()) {
      tf.dispose(contributions);
    }
    this.#gradients.clear();
  }

  #walk(this: Tape, entry: Entry): void {
    const gradients = entry.outputs.map((value) => this.takeGradient(value));
    if (gradients.some((gradient) => gradient !== null)) {
      const results = entry.pullback(gradients, this.kernels);
      results.forEach((result, index) => {
        const input = entry.inputs[index];
        if (result !== null && input !== undefined) {
          this.#contribute(input, result);
        }
      });
    }
    tf.dispose(gradients.filter((gradient) => gradient !== null));
    tf.dispose([...entry.saved, ...entry.outputs.map((value) => value.tensor)]);
  }

  #contribute(value: Value<Tensor>, gradient: Tensor): void {
    if (!value.needsGradient) {
      gradient.dispose();
      return;
    }
    const contributions = this.#gradients.get(value);
    if (contributions === undefined) {
      this.#gradients.set(value, [gradient]);
    } else {
      contributions.push(gradient);
    }
  }

  #sum(this: Tape, contributions: readonly Tensor[]): Tensor {
    const [first] = contributions;
    if (contributions.length === 1 && first !== undefined) {
      return first;
    }
    const total = this.kernels.addN(contributions);
    tf.dispose([...contributions]);
    return total;
  }
}

import * as tf from "@tensorflow/tfjs-core";
import type { Rank, Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { createRandom } from "#shared/random/createRandom.ts";

import type { Tape, Value } from "./tape.ts";

/** How a parameter starts: ones, zeros, or uniform in plus or minus 1 / sqrt(fanIn). */
export type Initialisation = "ones" | "zeros" | { readonly fanIn: number };

/** One parameter of a network by name. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialisation: Initialisation;
}

/** Counts the numbers in a shape. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Returns the parameters' total length. */
export function countParameters(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, spec) => total + sizeOfShape(spec.shape), 0);
}

/**
 * Draws initial values for every parameter, one after the other in one vector `[N]`. Each parameter's numbers depend only
 * on the seed and its name, so adding a layer leaves the others as they were.
 */
export function initialiseParameters(specs: readonly ParameterSpec[], seed: number): Float32Array {
  const flat = new Float32Array(countParameters(specs));
  let offset = 0;
  for (const spec of specs) {
    const length = sizeOfShape(spec.shape);
    fill(flat.subarray(offset, offset + length), spec, seed);
    offset += length;
  }
  return flat;
}

function fill(target: Float32Array, spec: ParameterSpec, seed: number): void {
  if (spec.initialisation === "ones" || spec.initialisation === "zeros") {
    target.fill(spec.initialisation === "ones" ? 1 : 0);
    return;
  }
  const bound = 1 / Math.sqrt(spec.initialisation.fanIn);
  const random = createRandom(seed, "initialisation", spec.name);
  for (let index = 0; index < target.length; index++) {
    target[index] = (2 * random.uniform() - 1) * bound;
  }
}

/** Parameters cut out of their vector as leaves of one tape, by name. */
export interface OpenParameters {
  readonly values: ReadonlyMap<string, Value<Tensor>>;
  /** Takes the gradients of all parameters from the tape as one vector `[N]`, zeros where none arrived. */
  takeGradient(): Tensor1D;
  /** Frees the pieces. */
  close(): void;
}

/**
 * Opens the vector `flat` of all parameters for one forward and backward pass. One vector keeps optimisers to a handful of
 * ops and checkpoints to one read, whatever the number of layers.
 */
export function openParameters(
  tape: Tape,
  specs: readonly ParameterSpec[],
  flat: Tensor1D,
  needsGradient: boolean,
): OpenParameters {
  const sizes = specs.map((spec) => sizeOfShape(spec.shape));
  const pieces = tf.tidy(() => {
    const cut = tf.split(flat, sizes);
    return specs.map((spec, index) => tf.reshape(cut[index] as Tensor, [...spec.shape]) as Tensor<Rank>);
  });
  const leaves = pieces.map((piece) => tape.leaf(piece, needsGradient));
  return {
    values: new Map(specs.map((spec, index) => [spec.name, leaves[index] as Value<Tensor>])),
    takeGradient: () => joinGradients(tape, leaves),
    close: () => tf.dispose(pieces),
  };
}

function joinGradients(tape: Tape, leaves: readonly Value<Tensor>[]): Tensor1D {
  const gradients = leaves.map((leaf) => tape.takeGradient(leaf) ?? tf.zerosLike(leaf.tensor));
  const joined = tf.tidy(() => tf.concat1d(gradients.map((gradient) => tf.reshape(gradient, [-1]))));
  tf.dispose(gradients);
  return joined;
}

/** Looks a parameter up by name; a missing one is a bug in the caller. */
export function parameterOf<T extends Tensor = tf.Tensor4D>(
  values: ReadonlyMap<string, Value<Tensor>>,
  name: string,
): Value<T> {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`parameters: there is none named ${name}`);
  }
  return value as Value<T>;
}

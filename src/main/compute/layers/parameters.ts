import * as tf from "@tensorflow/tfjs-core";
import type { Rank, Tensor, Tensor1D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";

import { gatherChannels, paddedShape, spreadChannels } from "./channelPadding.ts";
import type { Tape, Value } from "./tape.ts";

/** Counts the numbers that the engine stores, padding included: the length of the parameter vector. */
export function countStored(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, spec) => total + sizeOfShape(storedShape(spec)), 0);
}

/** The shape in which the engine stores a parameter. */
export function storedShape({ shape, channelAxes }: ParameterSpec): number[] {
  return paddedShape(shape, channelAxes);
}

/** Lays parameters into one vector as the engine stores them; `valuesOf` gives each parameter's numbers without padding. */
export function layParameters(
  specs: readonly ParameterSpec[],
  valuesOf: (spec: ParameterSpec) => ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(countStored(specs));
  let offset = 0;
  for (const spec of specs) {
    const length = sizeOfShape(storedShape(spec));
    spreadChannels(valuesOf(spec), spec.shape, spec.channelAxes, flat.subarray(offset, offset + length));
    offset += length;
  }
  return flat;
}

/** The inverse of `layParameters`: each parameter's numbers by name, without padding. */
export function cutParameters(
  specs: readonly ParameterSpec[],
  flat: Float32Array,
): Map<string, Float32Array<ArrayBuffer>> {
  let offset = 0;
  return new Map(
    specs.map((spec) => {
      const length = sizeOfShape(storedShape(spec));
      const values = gatherChannels(flat.subarray(offset, offset + length), spec.shape, spec.channelAxes);
      offset += length;
      return [spec.name, values];
    }),
  );
}

/**
 * Draws initial values for every parameter as one stored vector. Each parameter's numbers depend only on the seed and its
 * name, so adding a layer leaves the others as they were.
 */
export function initialiseParameters(specs: readonly ParameterSpec[], seed: number): Float32Array<ArrayBuffer> {
  return layParameters(specs, (spec) => drawInitial(spec, seed));
}

function drawInitial({ name, shape, initialisation }: ParameterSpec, seed: number): Float32Array {
  const values = new Float32Array(sizeOfShape(shape));
  if (initialisation === "ones" || initialisation === "zeros") {
    return values.fill(initialisation === "ones" ? 1 : 0);
  }
  const bound = 1 / Math.sqrt(initialisation.fanIn);
  const random = createRandom(seed, "initialisation", name);
  return values.map(() => (2 * random.uniform() - 1) * bound);
}

/** Parameters cut out of their vector as leaves of one tape, by name, each in its stored shape. */
export interface OpenParameters {
  readonly values: ReadonlyMap<string, Value<Tensor>>;
  /** Takes the gradients of all parameters from the tape as one stored vector, zeros where none arrived. */
  takeGradient(): Tensor1D;
  /** Frees the pieces. */
  close(): void;
}

/**
 * Opens the stored vector of all parameters for one forward and backward pass. One vector keeps optimisers to a handful of
 * ops and checkpoints to one read, whatever the number of layers.
 */
export function openParameters(
  tape: Tape,
  specs: readonly ParameterSpec[],
  flat: Tensor1D,
  needsGradient: boolean,
): OpenParameters {
  const shapes = specs.map(storedShape);
  const pieces = tf.tidy(() => {
    const cut = tf.split(flat, shapes.map(sizeOfShape));
    return shapes.map((shape, index) => tf.reshape<Rank>(at(cut, index, "pieces of the parameters"), shape));
  });
  const leaves = pieces.map((piece) => tape.leaf(piece, needsGradient));
  return {
    values: new Map(specs.map((spec, index) => [spec.name, at(leaves, index, "leaves of the parameters")])),
    takeGradient: () => joinGradients(tape, leaves),
    close: () => {
      tf.dispose(pieces);
    },
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

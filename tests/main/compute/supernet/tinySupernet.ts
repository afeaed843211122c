import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import type { ArchWeights, ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { SkipMasks } from "#main/compute/supernet/skipMasks.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { edgeCount } from "#shared/space/cells/cellGraph.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

/** Every primitive, two layers, two nodes, and channel counts that have to be filled up. */
export const TINY_SPACE: SearchSpace = searchSpaceSchema.parse({
  layers: 2,
  nodes: 2,
  filters: 2,
  widthFactors: [1, 1.5],
});

/** Draws op and move weights that differ from one another, impossible moves included as in a search. */
export function drawArchWeights(space: SearchSpace, seed = 1): ArchWeights {
  const random = createRandom(seed, "test arch weights");
  const row = (length: number): number[] => softmax(Array.from({ length }, random.gaussian));
  return {
    op: Array.from({ length: space.layers }, () =>
      Array.from({ length: edgeCount(space.nodes) }, () => row(space.primitives.length)),
    ),
    move: outerSpaceOf(space)
      .possible(space)
      .map(({ length }) => row(length)),
  };
}

/** What a pass through the supernet is asked for. */
export interface PassOptions {
  readonly kernels: TrainingKernels;
  readonly space: SearchSpace;
  readonly weights: Float32Array;
  readonly arch: ArchWeights;
  readonly noisy: Float32Array;
  /** One value per pixel, for spaces whose networks are told the noise. */
  readonly noiseMap?: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** What outputs of skips are multiplied by, `[pictures * skips]`. */
  readonly skipFactors?: Float32Array;
}

/** The planes of a pass as leaves by name, and their tensors, the caller's to dispose. */
function openPlanes(tape: Tape, { noisy, noiseMap, shape }: PassOptions) {
  const [batch, height, width] = shape;
  const planes: [string, Tensor4D][] = [["noisy", tf.tensor4d(noisy, [...shape])]];
  if (noiseMap !== undefined) planes.push(["noise_map", tf.tensor4d(noiseMap, [batch, height, width, 1])]);
  const leaves = planes.map(([name, tensor]): [string, Value] => [name, tape.leaf(tensor, false)]);
  return { leaves: new Map(leaves), tensors: planes.map(([, tensor]) => tensor) };
}

function openSkipMasks({ skipFactors }: PassOptions): SkipMasks | undefined {
  return skipFactors === undefined ? undefined : new SkipMasks(tf.tensor1d(skipFactors));
}

/** Denoises without remembering anything. */
export function predict(options: PassOptions): Float32Array {
  const { kernels, space, weights, arch } = options;
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, outerSpaceOf(space).parameters(space), tf.tensor1d(weights), false);
    const leaves = new ArchLeaves(tape, arch, false);
    const skipMasks = openSkipMasks(options);
    const pass = { tape, space, parameters: values, arch: leaves, recompute: false, skipMasks };
    const output = runSupernet(pass, openPlanes(tape, options).leaves);
    return Float32Array.from(output.tensor.dataSync());
  });
}

/** Denoises, walks back from the output's gradient `seed`, and frees all that was made. */
export function walkBack(options: PassOptions, seed: Float32Array, recompute: boolean) {
  const { kernels, space, weights, arch } = options;
  const flat = tf.tensor1d(weights);
  const tape = new Tape(kernels, true);
  const parameters = openParameters(tape, outerSpaceOf(space).parameters(space), flat, true);
  const leaves = new ArchLeaves(tape, arch, true);
  const skipMasks = openSkipMasks(options);
  const pass = { tape, space, parameters: parameters.values, arch: leaves, recompute, skipMasks };
  const planes = openPlanes(tape, options);
  const output = runSupernet(pass, planes.leaves);
  const predicted = Float32Array.from(output.tensor.dataSync());
  tape.backward(output, tf.tensor4d(seed, [...options.shape]));
  const gradient = parameters.takeGradient();
  const byWeights = Float32Array.from(gradient.dataSync());
  const byArch: ArchWeightGradients = leaves.takeGradients();
  leaves.close();
  parameters.close();
  tape.dispose();
  tf.dispose([flat, gradient, ...planes.tensors]);
  return { predicted, byWeights, byArch };
}

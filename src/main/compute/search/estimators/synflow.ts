import * as tf from "@tensorflow/tfjs-core";
import type { Rank } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import type { NetworkState } from "#main/compute/train/networkState.ts";

/**
 * SynFlow (Tanaka and others 2020): every weight without its sign, ones of `side` pixels for a picture, and the sum of each weight times
 * the gradient of the output's sum by it, without signs. Its decimal logarithm, since the sum grows with each layer: the order is the
 * same. The network must have no batch norms, as published; Infinity where the sum is beyond 32-bit floats.
 */
export function synflow(
  kernels: TrainingKernels,
  { plan, network, specs, parameters }: NetworkState,
  side: number,
): number {
  const tape = new Tape(kernels, true);
  const sizes = tf.abs(parameters);
  const planes = inputPlanes(plan).map(
    ({ name, channels }) => [name, tf.ones<Rank.R4>([1, side, side, channels])] as const,
  );
  const { values, takeGradient, close } = openParameters(tape, specs, sizes, true);
  try {
    const leaves = planes.map(([name, plane]) => [name, tape.leaf(plane, false)] as const);
    const output = runGraph({ tape, network, parameters: values, normalise: null }, new Map(leaves));
    tape.backward(output, tf.onesLike(output.tensor));
    const gradient = takeGradient();
    const [slopes, weights] = [gradient.dataSync<"float32">(), sizes.dataSync<"float32">()];
    gradient.dispose();
    return Math.log10(slopes.reduce((sum, slope, index) => sum + Math.abs(slope * at(weights, index, "weights")), 0));
  } finally {
    close();
    tape.dispose();
    tf.dispose([sizes, ...planes.map(([, plane]) => plane)]);
  }
}

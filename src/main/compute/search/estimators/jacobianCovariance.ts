import * as tf from "@tensorflow/tfjs-core";

import type { Batch } from "#shared/image/batches.ts";
import { inputPlanes, PLANES } from "#shared/space/graph/frame.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape, type Value } from "#main/compute/layers/tape.ts";
import { openPlanes } from "#main/compute/learning/planes.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { runGraph } from "#main/compute/network/runGraph.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import type { NetworkState } from "#main/compute/train/networkState.ts";

import { symmetricEigenvalues } from "./symmetricEigenvalues.ts";

/** Keeps the logarithm and the inverse of an eigenvalue finite; published. */
const OFFSET = 1e-5;

/**
 * Jacobian covariance (Mellor and others 2020): how unlike the directions are in which the output's sum moves with each of `size`
 * noisy patches of `side` pixels. Never above minus their number, where all are at right angles.
 */
export function jacobianCovariance(
  kernels: TrainingKernels,
  state: NetworkState,
  batch: Batch,
  { size, side }: { readonly size: number; readonly side: number },
): number {
  return scoreJacobian(jacobianRows(kernels, state, batch, { size, side }));
}

/** Scores rows of one length `[B][D]` by the eigenvalues of their correlations. NaN where a row is all of one number. */
export function scoreJacobian(rows: readonly Float32Array[]): number {
  const centred = rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const moved = Float64Array.from(row, (value) => value - mean);
    const length = Math.sqrt(dot(moved, moved));
    return moved.map((value) => value / length);
  });
  const correlations = centred.map((a) => centred.map((b) => dot(a, b)));
  if (!correlations.flat().every(Number.isFinite)) return NaN;
  // Rounding leaves the zero of dependent rows a little below.
  const eigenvalues = symmetricEigenvalues(correlations).map((value) => Math.max(0, value) + OFFSET);
  return -eigenvalues.reduce((sum, value) => sum + Math.log(value) + 1 / value, 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}

/** The gradient of the output's sum by each noisy patch: one row `[side * side * channels]` a patch. */
function jacobianRows(
  kernels: TrainingKernels,
  { plan, network, norms, specs, parameters }: NetworkState,
  batch: Batch,
  { size, side }: { readonly size: number; readonly side: number },
): readonly Float32Array[] {
  const tape = new Tape(kernels, true);
  const planes = openPlanes(batch, size, side);
  const { values, close } = openParameters(tape, specs, parameters, false);
  const statistics = new StatisticsCollector();
  try {
    const leaves = inputPlanes(plan).map(({ name }): [string, Value] => {
      const plane = planes.read.get(name);
      if (plane === undefined) throw new Error(`jacobian: the plane ${name} must be in the batch`);
      return [name, tape.leaf(plane, name === PLANES.noisy)];
    });
    const normalise = norms.length === 0 ? null : trainingNormalise(tape, norms, values, statistics);
    const output = runGraph({ tape, network, parameters: values, normalise }, new Map(leaves));
    tape.backward(output, tf.onesLike(output.tensor));
    const gradient = tape.takeGradient(new Map(leaves).get(PLANES.noisy) ?? output);
    if (gradient === null) throw new Error("jacobian: the output must depend on the noisy plane");
    const slopes = gradient.dataSync<"float32">();
    gradient.dispose();
    const length = slopes.length / size;
    return Array.from({ length: size }, (_, row) =>
      Float32Array.from(slopes.subarray(row * length, (row + 1) * length)),
    );
  } finally {
    statistics.dispose();
    close();
    tape.dispose();
    planes.close();
  }
}

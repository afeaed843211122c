import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { PortableKernels } from "#main/compute/kernels/portableKernels.ts";
import type { Kernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms, foldedParameters } from "#main/compute/network/foldNorms.ts";
import { runNetwork } from "#main/compute/network/network.ts";
import { foldedNormalise, trainingNormalise } from "#main/compute/network/normalise.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { networkNorms, networkParameters, networkStatistics } from "#main/compute/network/structure.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { findWrongSlopes } from "#tests/helpers/finiteDifferences.ts";
import { largestPadding, maskOf, partsOf } from "#tests/helpers/parameterParts.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { makeSmoothKernels } from "#tests/helpers/smoothKernels.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { MIXED_PLAN, SMALL_PLAN, drawNetwork } from "./tinyNetwork.ts";

const SHAPE = [2, 8, 9, 1] as const;
const SIZE = 2 * 8 * 9;

const { kernels } = await startEngine();
const specs = networkParameters(MIXED_PLAN);
const norms = networkNorms(MIXED_PLAN);
const noisy = drawNumbers(SIZE, 1);
const seed = drawNumbers(SIZE, 2);

/** Denoises with the statistics of the batch; returns the output and the statistics that a training would take in. */
function predict(given: Kernels, parameters: Float32Array): { output: Float32Array; statistics: Float32Array } {
  const gathered = new StatisticsCollector();
  return tf.tidy(() => {
    const tape = new Tape(given, true);
    const { values } = openParameters(tape, specs, tf.tensor1d(parameters), false);
    const pass = {
      tape,
      plan: MIXED_PLAN,
      parameters: values,
      normalise: trainingNormalise(tape, norms, values, gathered),
    };
    const output = runNetwork(pass, tape.leaf(tf.tensor4d(noisy, [...SHAPE]), false)).tensor.dataSync();
    const fallback = tf.zeros<tf.Rank.R1>([partsOf(networkStatistics(MIXED_PLAN)).at(-1)!.to]);
    const statistics = gathered.join(networkStatistics(MIXED_PLAN), fallback).dataSync();
    return { output: Float32Array.from(output), statistics: Float32Array.from(statistics) };
  });
}

/** Denoises, walks back from the output's gradient `seed`, and frees all that was made. */
function walkBack(given: Kernels, parameters: Float32Array): Float32Array {
  const flat = tf.tensor1d(parameters);
  const input: Tensor4D = tf.tensor4d(noisy, [...SHAPE]);
  const tape = new Tape(given, true);
  const opened = openParameters(tape, specs, flat, true);
  const statistics = new StatisticsCollector();
  const normalise = trainingNormalise(tape, norms, opened.values, statistics);
  const output = runNetwork({ tape, plan: MIXED_PLAN, parameters: opened.values, normalise }, tape.leaf(input, false));
  tape.backward(output, tf.tensor4d(seed, [...SHAPE]));
  const gradient = opened.takeGradient();
  const numbers = Float32Array.from(gradient.dataSync());
  opened.close();
  statistics.dispose();
  tape.dispose();
  tf.dispose([flat, input, gradient]);
  return numbers;
}

describe("runNetwork", () => {
  const { parameters } = drawNetwork(MIXED_PLAN);

  it("sends the right gradient of every parameter", async () => {
    const smooth = await makeSmoothKernels();
    const claim = {
      at: parameters,
      gradient: walkBack(smooth, parameters),
      objective: (at: Float32Array) =>
        predict(smooth, at).output.reduce((sum, value, i) => sum + value * (seed[i] ?? 0), 0),
      step: 3e-3,
    };
    expect(findWrongSlopes(claim, partsOf(specs), maskOf(specs), 2e-2)).toEqual([]);
  });

  it("keeps channels that only fill up at zero: no gradient reaches them", () => {
    expect(largestPadding(specs, walkBack(kernels, parameters))).toBe(0);
  });

  it("gives the same picture on the portable kernels", () => {
    const portable = predict(new PortableKernels(), parameters).output;
    expect(largestDifference(predict(kernels, parameters).output, portable)).toBeLessThan(1e-4);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => walkBack(kernels, parameters))).toBe(0);
    expect(await countLeaks(() => predict(kernels, parameters))).toBe(0);
  });
});

describe("foldNorms", () => {
  /** Denoises with given running statistics folded into the filters. */
  function predictFolded(parameters: Float32Array, statistics: Float32Array): Float32Array {
    return tf.tidy(() => {
      const tape = new Tape(kernels, false);
      const folded = tf.tensor1d(foldNorms(MIXED_PLAN, parameters, statistics));
      const { values } = openParameters(tape, foldedParameters(MIXED_PLAN), folded, false);
      const pass = { tape, plan: MIXED_PLAN, parameters: values, normalise: foldedNormalise(tape, values) };
      const input = tape.leaf(tf.tensor4d(noisy, [...SHAPE]), false);
      return Float32Array.from(runNetwork(pass, input).tensor.dataSync());
    });
  }

  it("gives with a batch's own statistics what norms give on that batch", () => {
    const { parameters } = drawNetwork(MIXED_PLAN);
    const { output, statistics } = predict(kernels, parameters);
    const count = SIZE;
    // A norm divides by the plain variance, and tells the one with Bessel's correction.
    const plain = statistics.map((value) => value);
    for (const { name, from, to } of partsOf(networkStatistics(MIXED_PLAN))) {
      if (name.endsWith(".variance"))
        plain.subarray(from, to).forEach((v, i, part) => (part[i] = (v * (count - 1)) / count));
    }
    expect(relativeError(predictFolded(parameters, plain), output)).toBeLessThan(1e-4);
  });

  it("leaves filling channels at zero", () => {
    const { parameters, statistics } = drawNetwork(MIXED_PLAN);
    expect(largestPadding(foldedParameters(MIXED_PLAN), foldNorms(MIXED_PLAN, parameters, statistics))).toBe(0);
  });

  it("needs no scale or shift of its own any more", () => {
    const names = foldedParameters(SMALL_PLAN).map(({ name }) => name);
    expect(names.filter((name) => /\.(gamma|beta)$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith(".bn.bias")).length).toBe(networkNorms(SMALL_PLAN).length);
  });
});

describe("StatisticsCollector", () => {
  const statistics = networkStatistics(SMALL_PLAN);
  const length = partsOf(statistics).at(-1)!.to;

  it("takes the old numbers of norms that did not run, and frees what it gathered", () => {
    const collector = new StatisticsCollector();
    const [first] = networkNorms(SMALL_PLAN);
    const size = partsOf(statistics)[0]!.to;
    const told = [tf.fill<tf.Rank.R1>([size], 5), tf.fill<tf.Rank.R1>([size], 6)] as const;
    collector.add(first!.name, ...told);
    const fallback = tf.fill<tf.Rank.R1>([length], 7);
    const joined = collector.join(statistics, fallback);
    const expected = Array.from({ length }, (_, i) => (i < size ? 5 : i < 2 * size ? 6 : 7));
    expect([...joined.dataSync()]).toEqual(expected);
    expect(told.every(({ isDisposed }) => isDisposed)).toBe(true);
    tf.dispose([joined, fallback]);
  });
});

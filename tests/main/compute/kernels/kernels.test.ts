import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { BATCH_NORM_EPSILON, LEAKY_SLOPE } from "#main/compute/kernels/kernels.ts";
import type { TrainingKernels, Shape4D } from "#main/compute/kernels/kernels.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { listKernels } from "#tests/helpers/kernelCases.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks } from "#tests/helpers/tensors.ts";

import { forEachDepthwiseProduct, forEachProduct } from "./plainConvolution.ts";

const TOLERANCE = 1e-5;

interface ConvolutionCase {
  readonly x: Shape4D;
  readonly filter: Shape4D;
  readonly dilation: number;
}

/** Sizes that no dilation divides, sizes smaller than the filter's reach, single pixels. */
const PLAIN: readonly ConvolutionCase[] = [
  { x: [2, 6, 5, 3], filter: [3, 3, 3, 4], dilation: 1 },
  { x: [1, 7, 9, 2], filter: [1, 1, 2, 5], dilation: 1 },
  { x: [2, 7, 9, 3], filter: [3, 3, 3, 2], dilation: 2 },
  { x: [1, 9, 7, 2], filter: [5, 5, 2, 3], dilation: 2 },
  { x: [1, 19, 35, 2], filter: [3, 3, 2, 2], dilation: 16 },
  { x: [1, 5, 3, 2], filter: [3, 3, 2, 2], dilation: 16 },
  { x: [2, 1, 1, 3], filter: [5, 5, 3, 2], dilation: 2 },
];

const DEPTHWISE: readonly ConvolutionCase[] = [
  { x: [2, 6, 5, 3], filter: [3, 3, 3, 1], dilation: 1 },
  { x: [2, 6, 5, 3], filter: [5, 5, 3, 4], dilation: 1 },
  { x: [1, 7, 9, 3], filter: [3, 3, 3, 2], dilation: 2 },
  { x: [1, 19, 35, 2], filter: [3, 3, 2, 1], dilation: 16 },
  { x: [2, 1, 1, 3], filter: [3, 3, 3, 2], dilation: 1 },
];

/** One of the two kinds of convolution: its three kernels, and its products one by one. */
interface Kind {
  readonly forward: TrainingKernels["conv2d"];
  readonly inputGradient: TrainingKernels["conv2dInputGradient"];
  readonly filterGradient: TrainingKernels["conv2dFilterGradient"];
  readonly forEach: typeof forEachProduct;
  readonly outputChannels: (filter: Shape4D) => number;
}

function plainKind(kernels: TrainingKernels): Kind {
  return {
    forward: (...given) => kernels.conv2d(...given),
    inputGradient: (...given) => kernels.conv2dInputGradient(...given),
    filterGradient: (...given) => kernels.conv2dFilterGradient(...given),
    forEach: forEachProduct,
    outputChannels: ([, , , outputs]) => outputs,
  };
}

function depthwiseKind(kernels: TrainingKernels): Kind {
  return {
    forward: (...given) => kernels.depthwise(...given),
    inputGradient: (...given) => kernels.depthwiseInputGradient(...given),
    filterGradient: (...given) => kernels.depthwiseFilterGradient(...given),
    forEach: forEachDepthwiseProduct,
    outputChannels: ([, , channels, multiplier]) => channels * multiplier,
  };
}

const sizeOf = (shape: Shape4D): number => shape.reduce((product, side) => product * side, 1);

/** Output, input gradient and filter gradient of a convolution, by the kernels and by a loop over every product. */
function compare(kind: Kind, { x, filter, dilation }: ConvolutionCase): Record<string, number> {
  const y: Shape4D = [x[0], x[1], x[2], kind.outputChannels(filter)];
  const [input, weights, dy] = [x, filter, y].map((shape, seed) => drawNumbers(sizeOf(shape), seed)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const expected = { output: new Float64Array(sizeOf(y)), dx: new Float64Array(sizeOf(x)), df: new Float64Array(0) };
  expected.df = new Float64Array(sizeOf(filter));
  kind.forEach(x, filter, dilation, (i, f, o) => {
    expected.output[o]! += input[i]! * weights[f]!;
    expected.dx[i]! += dy[o]! * weights[f]!;
    expected.df[f]! += dy[o]! * input[i]!;
  });
  return tf.tidy(() => {
    const [xs, fs, dys] = [
      tf.tensor4d(input, [...x]),
      tf.tensor4d(weights, [...filter]),
      tf.tensor4d(dy, [...y]),
    ] as const;
    return {
      output: relativeError(kind.forward(xs, fs, dilation).dataSync(), expected.output),
      inputGradient: relativeError(kind.inputGradient(x, fs, dys, dilation).dataSync(), expected.dx),
      filterGradient: relativeError(kind.filterGradient(xs, filter, dys, dilation).dataSync(), expected.df),
    };
  });
}

function overTolerance(errors: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(errors).filter(([, error]) => !(error < TOLERANCE));
}

/** A batch norm by its definition, in double precision; `x` is `[count, channels]`. */
function plainBatchNorm(x: ArrayLike<number>, gamma: ArrayLike<number>, beta: ArrayLike<number>) {
  const channels = gamma.length;
  const count = x.length / channels;
  const column = (c: number): number[] => Array.from({ length: count }, (_, i) => x[i * channels + c]!);
  const mean = Array.from({ length: channels }, (_, c) => column(c).reduce((sum, v) => sum + v, 0) / count);
  const squares = mean.map((m, c) => column(c).reduce((sum, v) => sum + (v - m) ** 2, 0));
  const y = Array.from(x, (v, i) => {
    const c = i % channels;
    return (gamma[c]! * (v - mean[c]!)) / Math.sqrt(squares[c]! / count + BATCH_NORM_EPSILON) + beta[c]!;
  });
  return { y, mean, variance: squares.map((sum) => sum / (count - 1)) };
}

describe.each(await listKernels())("$name", ({ kernels }) => {
  it.each(PLAIN)("convolve $x with $filter, dilation $dilation, and send gradients back", (given) => {
    expect(overTolerance(compare(plainKind(kernels), given))).toEqual([]);
  });

  it.each(DEPTHWISE)("convolve $x channel by channel with $filter, dilation $dilation, and send back", (given) => {
    expect(overTolerance(compare(depthwiseKind(kernels), given))).toEqual([]);
  });

  const shape: Shape4D = [2, 5, 3, 4];
  const numbers = drawNumbers(sizeOf(shape), 1).map((value) => 3 * value + 2);
  const gammas = drawNumbers(4, 2);
  const betas = drawNumbers(4, 3);

  it("normalise by the batch's own mean and variance, and tell both", () => {
    const expected = plainBatchNorm(numbers, gammas, betas);
    tf.tidy(() => {
      const result = kernels.batchNorm(tf.tensor4d(numbers, [...shape]), tf.tensor1d(gammas), tf.tensor1d(betas));
      expect(relativeError(result.y.dataSync(), expected.y)).toBeLessThan(TOLERANCE);
      expect(relativeError(result.mean.dataSync(), expected.mean)).toBeLessThan(TOLERANCE);
      expect(relativeError(result.variance.dataSync(), expected.variance)).toBeLessThan(TOLERANCE);
    });
  });

  it("send a norm's gradients back as differences of its definition say", () => {
    const dy = drawNumbers(sizeOf(shape), 4);
    const objective = (x: ArrayLike<number>, gamma: ArrayLike<number>, beta: ArrayLike<number>): number =>
      plainBatchNorm(x, gamma, beta).y.reduce((sum, value, i) => sum + value * dy[i]!, 0);
    const differences = (of: Float32Array, run: (changed: number[]) => number): number[] =>
      Array.from(of, (_, i) => {
        const move = (step: number): number => run(Array.from(of, (value, k) => (k === i ? value + step : value)));
        return (move(1e-5) - move(-1e-5)) / 2e-5;
      });
    tf.tidy(() => {
      const x = tf.tensor4d(numbers, [...shape]);
      const gamma = tf.tensor1d(gammas);
      const { saved } = kernels.batchNorm(x, gamma, tf.tensor1d(betas));
      const { dx, dGamma, dBeta } = kernels.batchNormGradient(tf.tensor4d(dy, [...shape]), x, gamma, saved);
      const byX = differences(numbers, (changed) => objective(changed, gammas, betas));
      const byGamma = differences(gammas, (changed) => objective(numbers, changed, betas));
      const byBeta = differences(betas, (changed) => objective(numbers, gammas, changed));
      expect(relativeError(dx.dataSync(), byX)).toBeLessThan(TOLERANCE);
      expect(relativeError(dGamma.dataSync(), byGamma)).toBeLessThan(TOLERANCE);
      expect(relativeError(dBeta.dataSync(), byBeta)).toBeLessThan(TOLERANCE);
    });
  });

  it("normalise channels that are zero everywhere to zero, with gradients that are finite", () => {
    tf.tidy(() => {
      const x = tf.zeros<tf.Rank.R4>([...shape]);
      const { y, saved } = kernels.batchNorm(x, tf.tensor1d(gammas), tf.zeros([4]));
      const { dx, dGamma } = kernels.batchNormGradient(tf.zeros([...shape]), x, tf.tensor1d(gammas), saved);
      for (const tensor of [y, dx, dGamma])
        expect(largestDifference(tensor.dataSync(), new Array(tensor.size).fill(0))).toBe(0);
    });
  });

  it("pass positive numbers through the leaky ReLU and shrink the others, gradients alike", () => {
    const x = [-2, -0.5, 0, 0.5, 2, 3];
    const dy = [1, 2, 3, 4, 5, 6];
    tf.tidy(() => {
      const picture = tf.tensor4d(x, [1, 2, 3, 1]);
      const output = kernels.leakyRelu(picture).dataSync();
      expect(
        largestDifference(
          output,
          x.map((v) => (v > 0 ? v : LEAKY_SLOPE * v)),
        ),
      ).toBeLessThan(TOLERANCE);
      const back = kernels.leakyReluGradient(tf.tensor4d(dy, [1, 2, 3, 1]), picture).dataSync();
      expect(
        largestDifference(
          back,
          dy.map((v, i) => (x[i]! > 0 ? v : LEAKY_SLOPE * v)),
        ),
      ).toBeLessThan(TOLERANCE);
    });
  });

  it("squeeze numbers into 0..1, gradients by the slope at the output", () => {
    const x = [-30, -1, 0, 0.5, 2, 30];
    const expected = x.map((v) => 1 / (1 + Math.exp(-v)));
    tf.tidy(() => {
      const y = kernels.sigmoid(tf.tensor4d(x, [1, 2, 3, 1]));
      expect(largestDifference(y.dataSync(), expected)).toBeLessThan(TOLERANCE);
      const back = kernels.sigmoidGradient(tf.fill([1, 2, 3, 1], 3), y).dataSync();
      const slopes = expected.map((v) => 3 * v * (1 - v));
      expect(largestDifference(back, slopes)).toBeLessThan(TOLERANCE);
    });
  });

  it("move squares of pixels into channels row by row, and back", () => {
    const shape: Shape4D = [2, 4, 6, 3];
    tf.tidy(() => {
      const x = tf.tensor4d(drawNumbers(sizeOf(shape), 1), [...shape]);
      const packed = kernels.spaceToDepth(x, 2);
      expect(packed.shape).toEqual([2, 2, 3, 12]);
      const [whole, cut] = [x.arraySync(), packed.arraySync()];
      expect(cut[1]![1]![2]).toEqual(
        [whole[1]![2]![4]!, whole[1]![2]![5]!, whole[1]![3]![4]!, whole[1]![3]![5]!].flat(),
      );
      expect([...kernels.depthToSpace(packed, 2).dataSync()]).toEqual([...x.dataSync()]);
    });
  });

  it("sum tensors, and hand a single one on under a handle of its own", () => {
    const [a, b, c] = [tf.tensor1d([1, 2]), tf.tensor1d([10, 20]), tf.tensor1d([100, 200])] as const;
    const sum = kernels.addN([a, b, c]);
    const alone = kernels.addN([a]);
    a.dispose();
    expect([...sum.dataSync()]).toEqual([111, 222]);
    expect([...alone.dataSync()]).toEqual([1, 2]);
    tf.dispose([b, c, sum, alone]);
  });

  it.each([1, 2, 3])("join %d pieces along channels, and cut them apart again", (parts) => {
    const pieces = Array.from({ length: parts }, (_, i) => tf.tensor4d([i, 10 + i, 20 + i, 30 + i], [1, 2, 1, 2]));
    const joined = kernels.concatChannels(pieces);
    const rows = [0, 20].map((start) => pieces.flatMap((_, i) => [start + i, start + 10 + i]));
    expect([...joined.dataSync()]).toEqual(rows.flat());
    const cut = kernels.splitChannels(joined, parts);
    tf.dispose([joined]);
    cut.forEach((piece, i) => expect([...piece.dataSync()]).toEqual([...pieces[i]!.dataSync()]));
    tf.dispose([...pieces, ...cut]);
  });

  it("leave nothing behind but what they return", async () => {
    expect(await countLeaks(() => disposeAll(runEveryKernel(kernels)))).toBe(0);
  });
});

/** Calls each kernel once, dilated ones and ones with a multiplier too; returns all that came back and went in. */
function runEveryKernel(kernels: TrainingKernels): Tensor[] {
  const x = tf.ones<tf.Rank.R4>([1, 5, 7, 4]);
  const filter = tf.ones<tf.Rank.R4>([3, 3, 4, 4]);
  const dy = tf.ones<tf.Rank.R4>([1, 5, 7, 16]);
  const scale = tf.ones<tf.Rank.R1>([4]);
  const square = tf.ones<tf.Rank.R4>([1, 4, 4, 2]);
  const norm = kernels.batchNorm(x, scale, scale);
  return [
    ...[x, filter, dy, scale, square, norm.y, norm.mean, norm.variance, ...norm.saved],
    ...Object.values(kernels.batchNormGradient(x, x, scale, norm.saved) as unknown as Record<string, Tensor>),
    ...[1, 2].flatMap((dilation) => [
      kernels.conv2d(x, filter, dilation),
      kernels.conv2dInputGradient(x.shape, filter, x, dilation),
      kernels.conv2dFilterGradient(x, filter.shape, x, dilation),
      kernels.depthwise(x, filter, dilation),
      kernels.depthwiseInputGradient(x.shape, filter, dy, dilation),
      kernels.depthwiseFilterGradient(x, filter.shape, dy, dilation),
    ]),
    ...[kernels.leakyRelu(x), kernels.leakyReluGradient(x, x), kernels.sigmoid(x), kernels.sigmoidGradient(x, x)],
    ...[kernels.depthToSpace(x, 2), kernels.spaceToDepth(square, 2)],
    ...[kernels.addN([x]), kernels.addN([x, x]), ...kernels.splitChannels(x, 1), ...kernels.splitChannels(x, 4)],
    ...[kernels.concatChannels([x]), kernels.concatChannels([x, x])],
  ];
}

function disposeAll(tensors: readonly (Tensor | Tensor1D | Tensor4D)[]): void {
  tf.dispose([...tensors]);
}

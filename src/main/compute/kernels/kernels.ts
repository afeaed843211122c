import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import type { Rectangle } from "#shared/image/geometry.ts";

/** Filter sizes and strides are always "same": height and width never change anywhere in this project. */
export interface BatchNormResult {
  /** Normalised, scaled and shifted, `[B, H, W, C]`. */
  readonly y: Tensor4D;
  /** Batch mean, `[C]`. */
  readonly mean: Tensor1D;
  /** Batch variance with Bessel's correction, `[C]`: what a running variance is fed with. */
  readonly variance: Tensor1D;
  /** What the gradient needs besides the input; disposed by the caller with the rest. */
  readonly saved: readonly Tensor[];
}

export interface BatchNormGradients {
  readonly dx: Tensor4D;
  readonly dGamma: Tensor1D;
  readonly dBeta: Tensor1D;
}

/**
 * What a network calls that only denoises: computed at once, or written into a graph or a file.
 * Layouts: images `[B, H, W, C]`, filters `[K, K, C, D]`, depthwise filters `[K, K, C, M]`; stride 1, zero padding that
 * keeps the size. Every call returns new tensors that belong to the caller. Results of calls inside a `tidy` obey it.
 */
export interface ForwardKernels {
  conv2d(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D;
  /** Output channel c * M + m is input channel c through filter m. */
  depthwise(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D;
  /**
   * A convolution `[K, K, C, D]` whose taps move (Zhu et al. 2019): each output pixel sums over tap, place and channel the filter
   * times how much the tap counts times the picture there, between pixels bilinear, outside zero. `offsets` are
   * `[B, H, W, 2 * G * K * K]`: for each channel group and tap, in row order, how far it moves down and to the right;
   * `masks` `[B, H, W, G * K * K]` how much it counts.
   */
  deformable(inputs: DeformableInputs, taps: Taps): Tensor4D;
  /** Limits each number to plus or minus `limit`. */
  clip(x: Tensor4D, limit: number): Tensor4D;
  /** The channels from `begin` on, so many. */
  takeChannels(x: Tensor4D, begin: number, count: number): Tensor4D;
  /** max(x, slope * x) with LEAKY_SLOPE. */
  leakyRelu(x: Tensor4D): Tensor4D;
  /** 1 / (1 + exp(-x)), within 0..1. */
  sigmoid(x: Tensor4D): Tensor4D;
  /** Sums tensors of one shape; a single one is returned as a new handle on the same data. */
  addN(tensors: readonly Tensor4D[]): Tensor4D;
  concatChannels(parts: readonly Tensor4D[]): Tensor4D;
  /** Adds a bias `[C]` to every pixel. */
  addBias(x: Tensor4D, bias: Tensor1D): Tensor4D;
  subtract(minuend: Tensor4D, subtrahend: Tensor4D): Tensor4D;
  /** Cuts a window out of every picture of the batch. */
  crop(x: Tensor4D, window: Window): Tensor4D;
  /**
   * Moves each `block` x `block` square of pixels into channels: `[B, H, W, C]`, both sizes multiples of the block, to
   * `[B, H / block, W / block, block * block * C]`. Channel (dy * block + dx) * C + c is channel c of the square's pixel (dy, dx).
   */
  spaceToDepth(x: Tensor4D, block: number): Tensor4D;
  /** The inverse of `spaceToDepth`. */
  depthToSpace(x: Tensor4D, block: number): Tensor4D;
  /** Makes a tensor of numbers that no run changes. */
  constant(values: Float32Array, shape: Shape4D): Tensor4D;
}

/** What training calls besides: gradients, norms by the batch's own statistics, and whole computations prepared to run often. */
export interface TrainingKernels extends ForwardKernels {
  /** As denoising sums, but tensors of any rank. */
  addN<T extends Tensor>(tensors: readonly T[]): T;
  conv2dInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D;
  conv2dFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D;
  depthwiseInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D;
  depthwiseFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D;
  /** The gradient of a bias `[C]` that was added to every pixel. */
  biasGradient(dy: Tensor4D): Tensor1D;
  /** The gradients of all that a deformable convolution reads; of its filter only where that is wanted. */
  deformableGradient(dy: Tensor4D, inputs: DeformableInputs, taps: Taps, wantsFilter: boolean): DeformableGradients;
  /** Normalises over batch, height and width with the batch's own statistics; epsilon is BATCH_NORM_EPSILON. */
  batchNorm(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D): BatchNormResult;
  batchNormGradient(dy: Tensor4D, x: Tensor4D, gamma: Tensor1D, saved: readonly Tensor[]): BatchNormGradients;
  /** `x` may also be the activation's output, which has its sign. */
  leakyReluGradient(dy: Tensor4D, x: Tensor4D): Tensor4D;
  /** From the output `y` of the sigmoid: dy * y * (1 - y). */
  sigmoidGradient(dy: Tensor4D, y: Tensor4D): Tensor4D;
  /** Cuts the last axis into `parts` equal pieces, in order. */
  splitChannels(x: Tensor4D, parts: number): Tensor4D[];
  /**
   * Prepares a computation that runs many times with the same constants, as fast as the back end can; batches of any height
   * and width may come in. The constants may be disposed afterwards.
   */
  compile(forward: Forward, constants: ReadonlyMap<string, Tensor>, inputs: readonly InputPlane[]): CompiledForward;
  /**
   * Prepares a step with gradients that runs many times, as fast as the back end can. Throws LabError `engine` where it has no
   * such precision.
   */
  prepareStep(step: Step, precision?: Precision): PreparedStep;
}

/** What a deformable convolution reads. */
export interface DeformableInputs {
  readonly x: Tensor4D;
  readonly offsets: Tensor4D;
  readonly masks: Tensor4D;
  readonly filter: Tensor4D;
}

export interface DeformableGradients {
  readonly x: Tensor4D;
  readonly offsets: Tensor4D;
  readonly masks: Tensor4D;
  readonly filter: Tensor4D | null;
}

/** How a deformable filter lies: its dilation, and how many channels of the picture each group has, side by side. */
export interface Taps {
  readonly dilation: number;
  readonly groups: readonly number[];
}

/** Tensors by name. */
export type NamedTensors = ReadonlyMap<string, Tensor>;

/**
 * A computation from tensors to new tensors, which belong to the caller. It is a pure function of its inputs: it reads no
 * numbers back, and whatever else it reads or makes of numbers is the same at every call.
 */
export type Step = (inputs: NamedTensors) => NamedTensors;

/** In what convolutions and their gradients are computed, 32-bit floats unless told; weights and all else keep 32 bits. */
export type Precision = "float32" | "bfloat16";

/** A step that runs many times, on inputs of the same names; `dispose` frees what was prepared. */
export interface PreparedStep {
  /** Returns new tensors that belong to the caller, under the step's names; the inputs stay the caller's. */
  run(inputs: NamedTensors): NamedTensors;
  dispose(): void;
}

/** A picture that a computation reads, by name, `[B, H, W, channels]`. */
export interface InputPlane {
  readonly name: string;
  readonly channels: number;
}

/** An area of a picture which is known only when a computation runs; both are `[4]` for batch, row, column, channel. */
export interface Window {
  readonly begin: Tensor1D;
  /** -1 takes all that is left. */
  readonly size: Tensor1D;
}

/** A computation without gradients: pictures and constants by name to `[B, H, W, C]`, with the kernels that it is given. */
export type Forward = (
  kernels: ForwardKernels,
  planes: ReadonlyMap<string, Tensor4D>,
  constants: ReadonlyMap<string, Tensor>,
  windows: Windows,
) => Tensor4D;

/** Gives the window that crops what covers one of the run's areas to another one inside it; both by their index. */
export type Windows = (from: number, to: number) => Window;

/** A prepared computation; `dispose` frees it and its constants. */
export interface CompiledForward {
  /** Returns a new tensor that belongs to the caller. The areas are those that the computation crops between. */
  run(planes: ReadonlyMap<string, Tensor4D>, areas: readonly Rectangle[]): Tensor4D;
  dispose(): void;
}

export type Shape4D = readonly [number, number, number, number];

/** PyTorch's default, with which the reference figures were made. */
export const BATCH_NORM_EPSILON = 1e-5;

/** Slope below zero of the activation inside every op (science notes 1.2). */
export const LEAKY_SLOPE = 0.2;

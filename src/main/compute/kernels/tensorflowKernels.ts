import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

import { compileGraph } from "#main/compute/kernels/graph/compileGraph.ts";
import { RecordedStep } from "#main/compute/kernels/graph/recordedStep.ts";

import { compileEagerly, prepareEagerly } from "./compileEagerly.ts";
import { BATCH_NORM_EPSILON, LEAKY_SLOPE } from "./kernels.ts";
import type {
  BatchNormGradients,
  BatchNormResult,
  CompiledForward,
  DeformableGradients,
  DeformableInputs,
  Forward,
  InputPlane,
  Precision,
  PreparedStep,
  Shape4D,
  Step,
  Taps,
  TrainingKernels,
  Window,
} from "./kernels.ts";
import {
  interleavedShape,
  interleaveInput,
  interleaveOutput,
  planInterleaving,
  restoreInput,
  restoreOutput,
} from "./spaceToBatch.ts";
import { deformableConvolution, deformableConvolutionGradient, type DeformableParts } from "./composedDeformable.ts";
import { KeptTensors } from "./keptTensors.ts";
import { OpAttributes } from "./opAttributes.ts";
import type { OpAttribute, TensorflowBackend } from "./tensorflowBackend.ts";

/** How convolutions with a dilation above one are computed; the start-up self-test chooses. */
export type DilationRoute = "native" | "space_to_batch";

type Convolution = "Conv2D" | "DepthwiseConv2dNative";

/** Runs TensorFlow's fused ops by name: they are up to fifty times faster than what the JavaScript layer composes. */
export class TensorflowKernels implements TrainingKernels {
  readonly #backend: TensorflowBackend;
  readonly #dilationRoute: DilationRoute;
  readonly #kept = new KeptTensors();
  readonly #empty: Tensor1D;
  readonly #channelAxis: Tensor;
  readonly #firstAxis: Tensor;
  readonly #attributes: OpAttributes;
  readonly #deformable: DeformableParts = {
    conv2d: (...given) => this.conv2d(...given),
    conv2dInputGradient: (...given) => this.conv2dInputGradient(...given),
    conv2dFilterGradient: (...given) => this.conv2dFilterGradient(...given),
    gatherRows: (table, rows) => this.#gatherRows(table, rows),
  };

  constructor(backend: TensorflowBackend, dilationRoute: DilationRoute) {
    this.#backend = backend;
    this.#attributes = new OpAttributes(backend.binding);
    this.#dilationRoute = dilationRoute;
    this.#empty = tf.keep(tf.tensor1d([], "float32"));
    this.#firstAxis = tf.keep(tf.scalar(0, "int32"));
    this.#channelAxis = tf.keep(tf.scalar(3, "int32"));
  }

  conv2d(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return this.#convolve("Conv2D", x, filter, dilation);
  }

  conv2dInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
    return this.#inputGradient("Conv2D", inputShape, filter, dy, dilation);
  }

  conv2dFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
    return this.#filterGradient("Conv2D", x, filterShape, dy, dilation);
  }

  depthwise(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return this.#convolve("DepthwiseConv2dNative", x, filter, dilation);
  }

  /**
   * TensorFlow's own gradient is three times slower with a channel multiplier than without. So each output channel goes
   * back by itself, as if the input had been repeated, and a pointwise convolution sums the copies of an input channel.
   */
  depthwiseInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
    const [side, otherSide, channels, multiplier] = filter.shape;
    if (multiplier === 1) {
      return this.#inputGradient("DepthwiseConv2dNative", inputShape, filter, dy, dilation);
    }
    return tf.tidy(() => {
      const single = tf.reshape<tf.Rank.R4>(filter, [side, otherSide, channels * multiplier, 1]);
      const apart = this.#inputGradient("DepthwiseConv2dNative", dy.shape, single, dy, dilation);
      return this.conv2d(apart, this.#kept.copySum(channels, multiplier), 1);
    });
  }

  depthwiseFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
    return this.#filterGradient("DepthwiseConv2dNative", x, filterShape, dy, dilation);
  }

  deformable(inputs: DeformableInputs, taps: Taps): Tensor4D {
    return deformableConvolution(this.#deformable, inputs, taps);
  }

  deformableGradient(dy: Tensor4D, inputs: DeformableInputs, taps: Taps, wantsFilter: boolean): DeformableGradients {
    return deformableConvolutionGradient(this.#deformable, dy, inputs, taps, wantsFilter);
  }

  clip(x: Tensor4D, limit: number): Tensor4D {
    return tf.clipByValue(x, -limit, limit);
  }

  takeChannels(x: Tensor4D, begin: number, count: number): Tensor4D {
    return tf.slice(x, [0, 0, 0, begin], [-1, -1, -1, count]);
  }

  batchNorm(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D): BatchNormResult {
    const attributes = this.#attributes.once("batchNorm", () => [
      this.#attributes.type("T"),
      this.#attributes.type("U"),
      this.#attributes.float("epsilon", BATCH_NORM_EPSILON),
      this.#attributes.float("exponential_avg_factor", 1),
      this.#attributes.string("data_format", "NHWC"),
      this.#attributes.bool("is_training", true),
    ]);
    const inputs = [x, gamma, beta, this.#empty, this.#empty];
    const outputs = this.#backend.executeMultipleOutputs("FusedBatchNormV3", attributes, inputs, 6);
    const [y, mean, variance, ...saved] = outputs as [Tensor4D, Tensor1D, Tensor1D, Tensor, Tensor, Tensor];
    return { y, mean, variance, saved };
  }

  batchNormGradient(dy: Tensor4D, x: Tensor4D, gamma: Tensor1D, saved: readonly Tensor[]): BatchNormGradients {
    const attributes = this.#attributes.once("batchNormGradient", () => [
      this.#attributes.type("T"),
      this.#attributes.type("U"),
      this.#attributes.float("epsilon", BATCH_NORM_EPSILON),
      this.#attributes.string("data_format", "NHWC"),
      this.#attributes.bool("is_training", true),
    ]);
    const outputs = this.#backend.executeMultipleOutputs(
      "FusedBatchNormGradV3",
      attributes,
      [dy, x, gamma, ...saved],
      5,
    );
    const [dx, dGamma, dBeta, ...unused] = outputs as [Tensor4D, Tensor1D, Tensor1D, Tensor, Tensor];
    tf.dispose(unused);
    return { dx, dGamma, dBeta };
  }

  leakyRelu(x: Tensor4D): Tensor4D {
    return this.#run("LeakyRelu", this.#attributes.leaky(LEAKY_SLOPE), [x]) as Tensor4D;
  }

  leakyReluGradient(dy: Tensor4D, x: Tensor4D): Tensor4D {
    return this.#run("LeakyReluGrad", this.#attributes.leaky(LEAKY_SLOPE), [dy, x]) as Tensor4D;
  }

  sigmoid(x: Tensor4D): Tensor4D {
    return this.#run("Sigmoid", [this.#attributes.type("T")], [x]) as Tensor4D;
  }

  sigmoidGradient(dy: Tensor4D, y: Tensor4D): Tensor4D {
    return this.#run("SigmoidGrad", [this.#attributes.type("T")], [y, dy]) as Tensor4D;
  }

  addN<T extends Tensor>(tensors: readonly T[]): T {
    const [first, ...others] = tensors;
    if (first === undefined) {
      throw new Error("addN: expected at least one tensor, got none");
    }
    if (others.length === 0) {
      return tf.clone(first);
    }
    const attributes = [this.#attributes.type("T"), this.#attributes.int("N", tensors.length)];
    return this.#run("AddN", attributes, tensors) as T;
  }

  splitChannels(x: Tensor4D, parts: number): Tensor4D[] {
    if (parts === 1) {
      return [tf.clone(x)];
    }
    const attributes = [this.#attributes.type("T"), this.#attributes.int("num_split", parts)];
    return this.#backend.executeMultipleOutputs("Split", attributes, [this.#channelAxis, x], parts) as Tensor4D[];
  }

  concatChannels(parts: readonly Tensor4D[]): Tensor4D {
    if (parts.length === 1 && parts[0] !== undefined) {
      return tf.clone(parts[0]);
    }
    const { binding } = this.#backend;
    const attributes = [
      this.#attributes.type("T"),
      this.#attributes.type("Tidx", binding.TF_INT32),
      this.#attributes.int("N", parts.length),
    ];
    return this.#run("ConcatV2", attributes, [...parts, this.#channelAxis]) as Tensor4D;
  }

  addBias(x: Tensor4D, bias: Tensor1D): Tensor4D {
    return this.#run("BiasAdd", this.#attributes.bias(), [x, bias]) as Tensor4D;
  }

  biasGradient(dy: Tensor4D): Tensor1D {
    return this.#run("BiasAddGrad", this.#attributes.bias(), [dy]) as Tensor1D;
  }

  subtract(minuend: Tensor4D, subtrahend: Tensor4D): Tensor4D {
    return tf.sub(minuend, subtrahend);
  }

  crop(x: Tensor4D, { begin, size }: Window): Tensor4D {
    return tf.slice(x, [...begin.dataSync()], [...size.dataSync()]);
  }

  spaceToDepth(x: Tensor4D, block: number): Tensor4D {
    return this.#run("SpaceToDepth", this.#attributes.block(block), [x]) as Tensor4D;
  }

  depthToSpace(x: Tensor4D, block: number): Tensor4D {
    return this.#run("DepthToSpace", this.#attributes.block(block), [x]) as Tensor4D;
  }

  constant(values: Float32Array, shape: Shape4D): Tensor4D {
    return tf.tensor4d(values, [...shape]);
  }

  /** As a graph; where dilated convolutions need a detour whose steps depend on the size, one kernel after the other. */
  compile(forward: Forward, constants: ReadonlyMap<string, Tensor>, inputs: readonly InputPlane[]): CompiledForward {
    return this.#dilationRoute === "native"
      ? compileGraph(this.#backend, forward, constants, inputs)
      : compileEagerly(this, forward, constants);
  }

  /** As a graph on processors; on a GPU, where that has not been tried, op by op, which gives the same numbers. */
  prepareStep(step: Step, precision: Precision = "float32"): PreparedStep {
    if (this.#backend.isUsingGpuDevice) return prepareEagerly(step, precision);
    return new RecordedStep(this.#backend, step, precision);
  }

  #convolve(op: Convolution, x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    if (!this.#isInterleaved(op, dilation)) {
      return this.#run(op, this.#attributes.convolution(op, "SAME", dilation), [x, filter]) as Tensor4D;
    }
    const plan = planInterleaving(x.shape[1], x.shape[2], filter.shape[0], dilation);
    return tf.tidy(() => {
      const y = this.#run(op, this.#attributes.convolution(op, "VALID", 1), [interleaveInput(x, plan), filter]);
      return restoreOutput(y as Tensor4D, plan);
    });
  }

  #inputGradient(op: Convolution, shape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
    const name = `${op}BackpropInput`;
    if (!this.#isInterleaved(op, dilation)) {
      const attributes = this.#attributes.convolution(op, "SAME", dilation);
      return this.#run(name, attributes, [this.#kept.shape(shape), filter, dy]) as Tensor4D;
    }
    const plan = planInterleaving(shape[1], shape[2], filter.shape[0], dilation);
    return tf.tidy(() => {
      const inputs = [this.#kept.shape(interleavedShape(shape, plan)), filter, interleaveOutput(dy, plan)];
      return restoreInput(this.#run(name, this.#attributes.convolution(op, "VALID", 1), inputs) as Tensor4D, plan);
    });
  }

  #filterGradient(op: Convolution, x: Tensor4D, shape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
    const name = `${op}BackpropFilter`;
    if (!this.#isInterleaved(op, dilation)) {
      return this.#run(name, this.#attributes.convolution(op, "SAME", dilation), [
        x,
        this.#kept.shape(shape),
        dy,
      ]) as Tensor4D;
    }
    const plan = planInterleaving(x.shape[1], x.shape[2], shape[0], dilation);
    return tf.tidy(() => {
      const inputs = [interleaveInput(x, plan), this.#kept.shape(shape), interleaveOutput(dy, plan)];
      return this.#run(name, this.#attributes.convolution(op, "VALID", 1), inputs) as Tensor4D;
    });
  }

  /** TensorFlow's own gradients of dilated depthwise convolutions are silently wrong, so those are always interleaved. */
  #isInterleaved(op: Convolution, dilation: number): boolean {
    return dilation > 1 && (op === "DepthwiseConv2dNative" || this.#dilationRoute === "space_to_batch");
  }

  #run(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor {
    return this.#backend.executeSingleOutput(name, attributes, inputs);
  }

  #gatherRows(table: Tensor2D, rows: Tensor1D): Tensor2D {
    return this.#run("GatherV2", this.#attributes.gather(), [table, rows, this.#firstAxis]) as Tensor2D;
  }
}

import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { compileEagerly, prepareEagerly } from "./compileEagerly.ts";
import { BATCH_NORM_EPSILON, LEAKY_SLOPE } from "./kernels.ts";
import type {
  BatchNormGradients,
  BatchNormResult,
  CompiledForward,
  DeformableGradients,
  DeformableInputs,
  Forward,
  Precision,
  PreparedStep,
  Shape4D,
  Step,
  Taps,
  TrainingKernels,
  Window,
} from "./kernels.ts";
import { plainDeformable, plainDeformableGradient } from "./plainDeformable.ts";
import {
  interleavedShape,
  interleaveInput,
  interleaveOutput,
  planInterleaving,
  restoreInput,
  restoreOutput,
} from "./spaceToBatch.ts";

type Convolution = "Conv2D" | "DepthwiseConv2dNative";
type Padding = "same" | "valid";

/** Exchanges the columns of squares with the rows inside them; its own inverse. */
const SQUARES_TURNED = [0, 1, 3, 2, 4, 5];

/** Composes the kernels from what every TensorFlow.js back end has. Slow; the oracle for the fast ones. */
export class PortableKernels implements TrainingKernels {
  conv2d(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return convolve("Conv2D", x, filter, dilation);
  }

  conv2dInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
    return inputGradient("Conv2D", inputShape, filter, dy, dilation);
  }

  conv2dFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
    return filterGradient("Conv2D", x, filterShape, dy, dilation);
  }

  depthwise(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return convolve("DepthwiseConv2dNative", x, filter, dilation);
  }

  depthwiseInputGradient(inputShape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
    return inputGradient("DepthwiseConv2dNative", inputShape, filter, dy, dilation);
  }

  depthwiseFilterGradient(x: Tensor4D, filterShape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
    return filterGradient("DepthwiseConv2dNative", x, filterShape, dy, dilation);
  }

  deformable(inputs: DeformableInputs, taps: Taps): Tensor4D {
    return plainDeformable(inputs, taps);
  }

  deformableGradient(dy: Tensor4D, inputs: DeformableInputs, taps: Taps, wantsFilter: boolean): DeformableGradients {
    return plainDeformableGradient(dy, inputs, taps, wantsFilter);
  }

  clip(x: Tensor4D, limit: number): Tensor4D {
    return tf.clipByValue(x, -limit, limit);
  }

  takeChannels(x: Tensor4D, begin: number, count: number): Tensor4D {
    return tf.slice(x, [0, 0, 0, begin], [-1, -1, -1, count]);
  }

  batchNorm(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D): BatchNormResult {
    const [y, mean, variance, batchMean, inverseDeviation] = tf.tidy(() => {
      const { mean: average, variance: spread } = tf.moments(x, [0, 1, 2]);
      const inverse = tf.rsqrt(tf.add(spread, BATCH_NORM_EPSILON));
      const normalised = tf.mul(tf.sub(x, average), tf.mul(inverse, gamma));
      const count = x.size / x.shape[3];
      const corrected = tf.mul(spread, count / Math.max(1, count - 1));
      return [tf.add(normalised, beta), average, corrected, tf.clone(average), inverse];
    }) as [Tensor4D, Tensor1D, Tensor1D, Tensor1D, Tensor1D];
    return { y, mean, variance, saved: [batchMean, inverseDeviation] };
  }

  batchNormGradient(dy: Tensor4D, x: Tensor4D, gamma: Tensor1D, saved: readonly Tensor[]): BatchNormGradients {
    const [mean, inverse] = saved as readonly [Tensor1D, Tensor1D];
    const [dx, dGamma, dBeta] = tf.tidy(() => {
      const normalised = tf.mul(tf.sub(x, mean), inverse);
      const shiftGradient = tf.sum(dy, [0, 1, 2]);
      const scaleGradient = tf.sum(tf.mul(dy, normalised), [0, 1, 2]);
      const count = x.size / x.shape[3];
      const centred = tf.sub(
        tf.sub(dy, tf.div(shiftGradient, count)),
        tf.mul(normalised, tf.div(scaleGradient, count)),
      );
      return [tf.mul(centred, tf.mul(inverse, gamma)), scaleGradient, shiftGradient];
    }) as [Tensor4D, Tensor1D, Tensor1D];
    return { dx, dGamma, dBeta };
  }

  leakyRelu(x: Tensor4D): Tensor4D {
    return tf.leakyRelu(x, LEAKY_SLOPE);
  }

  leakyReluGradient(dy: Tensor4D, x: Tensor4D): Tensor4D {
    return tf.tidy<Tensor4D>(() => tf.where(tf.greater(x, 0), dy, tf.mul(dy, LEAKY_SLOPE)));
  }

  sigmoid(x: Tensor4D): Tensor4D {
    return tf.sigmoid(x);
  }

  sigmoidGradient(dy: Tensor4D, y: Tensor4D): Tensor4D {
    return tf.tidy<Tensor4D>(() => tf.mul(dy, tf.mul(y, tf.sub(1, y))));
  }

  addN<T extends Tensor>(tensors: readonly T[]): T {
    return tf.addN<T>([...tensors]);
  }

  splitChannels(x: Tensor4D, parts: number): Tensor4D[] {
    return tf.split(x, parts, 3);
  }

  concatChannels(parts: readonly Tensor4D[]): Tensor4D {
    return tf.concat([...parts], 3);
  }

  addBias(x: Tensor4D, bias: Tensor1D): Tensor4D {
    return tf.add(x, bias);
  }

  biasGradient(dy: Tensor4D): Tensor1D {
    return tf.sum(dy, [0, 1, 2]);
  }

  subtract(minuend: Tensor4D, subtrahend: Tensor4D): Tensor4D {
    return tf.sub(minuend, subtrahend);
  }

  crop(x: Tensor4D, { begin, size }: Window): Tensor4D {
    return tf.slice(x, [...begin.dataSync()], [...size.dataSync()]);
  }

  spaceToDepth(x: Tensor4D, block: number): Tensor4D {
    const [batch, height, width, channels] = x.shape;
    const [rows, columns] = [height / block, width / block];
    return tf.tidy(() => {
      const squares = tf.reshape(x, [batch, rows, block, columns, block, channels]);
      return tf.reshape(tf.transpose(squares, SQUARES_TURNED), [batch, rows, columns, block * block * channels]);
    });
  }

  depthToSpace(x: Tensor4D, block: number): Tensor4D {
    const [batch, rows, columns, channels] = x.shape;
    const outputs = channels / (block * block);
    return tf.tidy(() => {
      const squares = tf.reshape(x, [batch, rows, columns, block, block, outputs]);
      return tf.reshape(tf.transpose(squares, SQUARES_TURNED), [batch, rows * block, columns * block, outputs]);
    });
  }

  constant(values: Float32Array, shape: Shape4D): Tensor4D {
    return tf.tensor4d(values, [...shape]);
  }

  compile(forward: Forward, constants: ReadonlyMap<string, Tensor>): CompiledForward {
    return compileEagerly(this, forward, constants);
  }

  /** As it is: this back end has no graphs. */
  prepareStep(step: Step, precision: Precision = "float32"): PreparedStep {
    return prepareEagerly(step, precision);
  }
}

function convolve(op: Convolution, x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
  if (dilation === 1) {
    return runForward(op, x, filter, "same");
  }
  const plan = planInterleaving(x.shape[1], x.shape[2], filter.shape[0], dilation);
  return tf.tidy(() => restoreOutput(runForward(op, interleaveInput(x, plan), filter, "valid"), plan));
}

function runForward(op: Convolution, x: Tensor4D, filter: Tensor4D, padding: Padding): Tensor4D {
  return op === "Conv2D" ? tf.conv2d(x, filter, 1, padding) : tf.depthwiseConv2d(x, filter, 1, padding);
}

function inputGradient(op: Convolution, shape: Shape4D, filter: Tensor4D, dy: Tensor4D, dilation: number): Tensor4D {
  if (dilation === 1) {
    return runInputGradient(op, shape, filter, dy, "same");
  }
  const plan = planInterleaving(shape[1], shape[2], filter.shape[0], dilation);
  return tf.tidy(() =>
    restoreInput(
      runInputGradient(op, interleavedShape(shape, plan), filter, interleaveOutput(dy, plan), "valid"),
      plan,
    ),
  );
}

function filterGradient(op: Convolution, x: Tensor4D, shape: Shape4D, dy: Tensor4D, dilation: number): Tensor4D {
  if (dilation === 1) {
    return runFilterGradient(op, x, shape, dy, "same");
  }
  const plan = planInterleaving(x.shape[1], x.shape[2], shape[0], dilation);
  return tf.tidy(() => runFilterGradient(op, interleaveInput(x, plan), shape, interleaveOutput(dy, plan), "valid"));
}

function runInputGradient(op: Convolution, shape: Shape4D, filter: Tensor4D, dy: Tensor4D, pad: Padding): Tensor4D {
  const inputShape = [...shape];
  return op === "Conv2D"
    ? tf.engine().runKernel("Conv2DBackpropInput", { dy, filter }, { strides: 1, pad, dataFormat: "NHWC", inputShape })
    : tf
        .engine()
        .runKernel("DepthwiseConv2dNativeBackpropInput", { dy, filter }, { strides: 1, dilations: 1, pad, inputShape });
}

function runFilterGradient(op: Convolution, x: Tensor4D, shape: Shape4D, dy: Tensor4D, pad: Padding): Tensor4D {
  const filterShape = [...shape];
  return op === "Conv2D"
    ? tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, { strides: 1, pad, dataFormat: "NHWC", filterShape })
    : tf
        .engine()
        .runKernel("DepthwiseConv2dNativeBackpropFilter", { x, dy }, { strides: 1, dilations: 1, pad, filterShape });
}

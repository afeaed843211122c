import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { LEAKY_SLOPE } from "#main/compute/kernels/kernels.ts";
import type { Kernels, Window } from "#main/compute/kernels/kernels.ts";

import type { GraphBuilder, GraphTensor } from "./graphBuilder.ts";
import { gatherTaps, spreadTaps } from "./narrowOutput.ts";
import { FLOAT, INT32 } from "./savedModel.ts";
import type { NodeAttribute } from "./savedModel.ts";

type Attributes = Readonly<Record<string, NodeAttribute>>;

interface Shift {
  readonly before: Tensor4D;
  readonly bias: Float32Array;
}

/** At fewer output channels than this, a convolution's time goes into waiting for its input. */
const NARROW = 4;

/**
 * Writes a computation into a graph instead of computing it: each call adds a node and returns what stands for its
 * output. Only what a network without gradients calls is there. Bias and activation are nodes of their own here;
 * TensorFlow puts them into the convolutions when it loads the graph.
 */
export class TracedKernels implements Kernels {
  readonly #graph: GraphBuilder;
  readonly #channelAxis: GraphTensor;
  /** What each bias was added to. */
  readonly #shifts = new Map<GraphTensor, Shift>();

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
    this.#channelAxis = graph.integer(3);
  }

  conv2d(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    const { values } = nodeOf(filter);
    const [side, , channels, outputs] = filter.shape;
    if (outputs >= NARROW || side === 1 || dilation > 1 || values === null) return this.#convolve(x, filter, dilation);
    const taps = spreadTaps(values, filter.shape);
    const spread = this.#graph.constant(taps.values, [1, 1, channels, taps.channels]);
    const gather = this.#graph.constant(gatherTaps(filter.shape, taps.channels), [side, side, taps.channels, outputs]);
    return this.#convolve(this.#convolve(x, tensorOf(spread), 1), tensorOf(gather), 1);
  }

  depthwise(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    const [, , channels, multiplier] = filter.shape;
    return this.#add("DepthwiseConv2dNative", [x, filter], convolution(dilation), channels * multiplier);
  }

  leakyRelu(x: Tensor4D): Tensor4D {
    return this.#add("LeakyRelu", [x], { T: { type: FLOAT }, alpha: { f: LEAKY_SLOPE } }, x.shape[3]);
  }

  addBias(x: Tensor4D, bias: Tensor1D): Tensor4D {
    const shifted = this.#add("BiasAdd", [x, bias], { T: { type: FLOAT }, data_format: text("NHWC") }, x.shape[3]);
    const { values } = nodeOf(bias);
    if (values !== null) this.#shifts.set(nodeOf(shifted), { before: x, bias: values });
    return shifted;
  }

  subtract(minuend: Tensor4D, subtrahend: Tensor4D): Tensor4D {
    return this.#add("Sub", [minuend, subtrahend], { T: { type: FLOAT } }, minuend.shape[3]);
  }

  crop(x: Tensor4D, { begin, size }: Window): Tensor4D {
    return this.#add("Slice", [x, begin, size], { T: { type: FLOAT }, Index: { type: INT32 } }, x.shape[3]);
  }

  /** Biases of the terms are summed beforehand and added once: TensorFlow's own fusion of such a sum breaks its graph. */
  addN<T extends Tensor>(tensors: readonly T[]): T {
    const [first, ...others] = tensors;
    if (first === undefined) throw new Error("addN: expected at least one tensor, got none");
    if (others.length === 0) return first;
    const shifts = tensors.map((tensor) => this.#shifts.get(nodeOf(tensor)) ?? { before: tensor, bias: null });
    const attributes = { T: { type: FLOAT }, N: { i: tensors.length } };
    const terms = shifts.map(({ before }) => nodeOf(before));
    const sum = tensorOf(this.#graph.add("AddN", terms, attributes, first.shape));
    const biases = shifts.flatMap(({ bias }) => (bias === null ? [] : [bias]));
    const [bias] = biases;
    if (bias === undefined) return sum as Tensor as T;
    const total = bias.map((_, channel) => biases.reduce((all, each) => all + (each[channel] ?? 0), 0));
    return this.addBias(
      sum,
      tensorOf(this.#graph.constant(total, [total.length])) as Tensor as Tensor1D,
    ) as Tensor as T;
  }

  concatChannels(parts: readonly Tensor4D[]): Tensor4D {
    const [first, ...others] = parts;
    if (first !== undefined && others.length === 0) return first;
    const channels = parts.reduce((sum, part) => sum + part.shape[3], 0);
    const attributes = { T: { type: FLOAT }, Tidx: { type: INT32 }, N: { i: parts.length } };
    return this.#add("ConcatV2", [...parts, tensorOf(this.#channelAxis)], attributes, channels);
  }

  conv2dInputGradient(): never {
    return refuse("conv2dInputGradient");
  }

  conv2dFilterGradient(): never {
    return refuse("conv2dFilterGradient");
  }

  depthwiseInputGradient(): never {
    return refuse("depthwiseInputGradient");
  }

  depthwiseFilterGradient(): never {
    return refuse("depthwiseFilterGradient");
  }

  batchNorm(): never {
    return refuse("batchNorm");
  }

  batchNormGradient(): never {
    return refuse("batchNormGradient");
  }

  leakyReluGradient(): never {
    return refuse("leakyReluGradient");
  }

  splitChannels(): never {
    return refuse("splitChannels");
  }

  compile(): never {
    return refuse("compile");
  }

  #convolve(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return this.#add("Conv2D", [x, filter], convolution(dilation), filter.shape[3]);
  }

  #add(op: string, inputs: readonly Tensor[], attributes: Attributes, channels: number): Tensor4D {
    const [x] = inputs;
    return tensorOf(this.#graph.add(op, inputs.map(nodeOf), attributes, [...(x?.shape.slice(0, 3) ?? []), channels]));
  }
}

/** What the layers see as a tensor; they read nothing of it but its shape. */
export function tensorOf(node: GraphTensor): Tensor4D {
  return node as unknown as Tensor4D;
}

export function vectorOf(node: GraphTensor): Tensor1D {
  return node as unknown as Tensor1D;
}

export function nodeOf(tensor: Tensor): GraphTensor {
  return tensor as unknown as GraphTensor;
}

function convolution(dilation: number): Attributes {
  return {
    T: { type: FLOAT },
    strides: { list: { i: [1, 1, 1, 1] } },
    padding: text("SAME"),
    data_format: text("NHWC"),
    dilations: { list: { i: [1, dilation, dilation, 1] } },
  };
}

function text(value: string): NodeAttribute {
  return { s: new TextEncoder().encode(value) };
}

function refuse(name: string): never {
  throw new Error(`graph: ${name} is not part of a network that only denoises`);
}

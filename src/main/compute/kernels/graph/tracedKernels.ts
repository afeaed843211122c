import { at } from "#shared/at.ts";
import type { Rank, Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { LEAKY_SLOPE } from "#main/compute/kernels/kernels.ts";
import type { DeformableInputs, ForwardKernels, Shape4D, Taps, Window } from "#main/compute/kernels/kernels.ts";

import { GraphTensor } from "./graphBuilder.ts";
import type { GraphBuilder } from "./graphBuilder.ts";
import { gatherTaps, spreadTaps } from "./narrowOutput.ts";
import { FLOAT, INT32 } from "./savedModel.ts";
import type { NodeAttribute } from "./savedModel.ts";
import { traceTaps, type Node4D } from "./tracedDeformable.ts";

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
export class TracedKernels implements ForwardKernels {
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
    const spread = this.#graph.constant<Rank.R4>(taps.values, [1, 1, channels, taps.channels]);
    const gathering = gatherTaps(filter.shape, taps.channels);
    const gather = this.#graph.constant<Rank.R4>(gathering, [side, side, taps.channels, outputs]);
    return this.#convolve(this.#convolve(x, spread, 1), gather, 1);
  }

  depthwise(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    const [, , channels, multiplier] = filter.shape;
    return this.#add("DepthwiseConv2dNative", [x, filter], convolution(dilation), channels * multiplier);
  }

  deformable(inputs: DeformableInputs, taps: Taps): Tensor4D {
    const [side, , channels, outputs] = inputs.filter.shape;
    const { values } = nodeOf(inputs.filter);
    if (values === null) throw new Error("graph: the filter of a deformable convolution must be a constant");
    const pointwise = this.#graph.constant<Rank.R4>(values, [1, 1, side * side * channels, outputs]);
    const [x, offsets, masks] = [inputs.x, inputs.offsets, inputs.masks].map(nodeOf) as [Node4D, Node4D, Node4D];
    return this.#convolve(traceTaps(this.#graph, { x, offsets, masks }, side, taps), pointwise, 1);
  }

  clip(x: Tensor4D, limit: number): Tensor4D {
    const scalar = (value: number): Tensor => this.#graph.constant<Rank.R0>(Float32Array.of(value), []);
    const above = this.#add("Maximum", [x, scalar(-limit)], { T: { type: FLOAT } }, x.shape[3]);
    return this.#add("Minimum", [above, scalar(limit)], { T: { type: FLOAT } }, x.shape[3]);
  }

  takeChannels(x: Tensor4D, begin: number, count: number): Tensor4D {
    const window = [this.#graph.integers([0, 0, 0, begin]), this.#graph.integers([-1, -1, -1, count])] as const;
    return this.#add("Slice", [x, ...window], { T: { type: FLOAT }, Index: { type: INT32 } }, count);
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

  sigmoid(x: Tensor4D): Tensor4D {
    return this.#add("Sigmoid", [x], { T: { type: FLOAT } }, x.shape[3]);
  }

  spaceToDepth(x: Tensor4D, block: number): Tensor4D {
    return this.#rearrange("SpaceToDepth", x, block, 1 / block);
  }

  depthToSpace(x: Tensor4D, block: number): Tensor4D {
    return this.#rearrange("DepthToSpace", x, block, block);
  }

  constant(values: Float32Array, shape: Shape4D): Tensor4D {
    return this.#graph.constant<Rank.R4>(values, [...shape]);
  }

  subtract(minuend: Tensor4D, subtrahend: Tensor4D): Tensor4D {
    return this.#add("Sub", [minuend, subtrahend], { T: { type: FLOAT } }, minuend.shape[3]);
  }

  crop(x: Tensor4D, { begin, size }: Window): Tensor4D {
    return this.#add("Slice", [x, begin, size], { T: { type: FLOAT }, Index: { type: INT32 } }, x.shape[3]);
  }

  /** Biases of the terms are summed beforehand and added once: TensorFlow's own fusion of such a sum breaks its graph. */
  addN(tensors: readonly Tensor4D[]): Tensor4D {
    const [first, ...others] = tensors;
    if (first === undefined) throw new Error("addN: expected at least one tensor, got none");
    if (others.length === 0) return first;
    const shifts = tensors.map((tensor) => this.#shifts.get(nodeOf(tensor)) ?? { before: tensor, bias: null });
    const attributes = { T: { type: FLOAT }, N: { i: tensors.length } };
    const terms = shifts.map(({ before }) => nodeOf(before));
    const sum = this.#graph.add<Rank.R4>("AddN", terms, attributes, first.shape);
    const biases = shifts.flatMap(({ bias }) => (bias === null ? [] : [bias]));
    const [bias] = biases;
    if (bias === undefined) return sum;
    const total = bias.map((_, channel) => biases.reduce((all, each) => all + at(each, channel, "biases of a sum"), 0));
    return this.addBias(sum, this.#graph.constant<Rank.R1>(total, [total.length]));
  }

  concatChannels(parts: readonly Tensor4D[]): Tensor4D {
    const [first, ...others] = parts;
    if (first === undefined) throw new Error("concatChannels: expected at least one tensor, got none");
    if (others.length === 0) return first;
    const channels = parts.reduce((sum, part) => sum + part.shape[3], 0);
    const attributes = { T: { type: FLOAT }, Tidx: { type: INT32 }, N: { i: parts.length } };
    return this.#add("ConcatV2", [first, ...others, this.#channelAxis], attributes, channels);
  }

  #convolve(x: Tensor4D, filter: Tensor4D, dilation: number): Tensor4D {
    return this.#add("Conv2D", [x, filter], convolution(dilation), filter.shape[3]);
  }

  #add(op: string, inputs: readonly [Tensor4D, ...Tensor[]], attributes: Attributes, channels: number): Tensor4D {
    const [batch, height, width] = inputs[0].shape;
    return this.#graph.add<Rank.R4>(op, inputs.map(nodeOf), attributes, [batch, height, width, channels]);
  }

  #rearrange(op: string, x: Tensor4D, block: number, scale: number): Tensor4D {
    const [batch, height, width, channels] = x.shape;
    const [rows, columns] = [height, width].map((size) => (size < 0 ? size : size * scale)) as [number, number];
    const attributes = { T: { type: FLOAT }, block_size: { i: block }, data_format: text("NHWC") };
    return this.#graph.add<Rank.R4>(op, [nodeOf(x)], attributes, [batch, rows, columns, channels / scale ** 2]);
  }
}

/** Takes a tensor as what it is here: the output of a node. */
export function nodeOf(tensor: Tensor): GraphTensor {
  if (isNode(tensor)) return tensor;
  throw new Error(`graph: expected what a node computes, got a tensor [${tensor.shape.join(", ")}] of numbers`);
}

function isNode(tensor: Tensor): tensor is GraphTensor {
  return tensor instanceof GraphTensor;
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

import { Tensor } from "@tensorflow/tfjs-core";
import type { Rank, ShapeMap } from "@tensorflow/tfjs-core";

import { FLOAT, INT32 } from "./savedModel.ts";
import type { GraphNode, GraphShape, NodeAttribute } from "./savedModel.ts";

/**
 * Stands for what a node of a graph will compute: layers see a tensor of which only the shape can be read. A size of -1 is
 * known only when it runs.
 */
export class GraphTensor<R extends Rank = Rank> extends Tensor<R> {
  /** Of the node that computes it. */
  readonly node: string;
  /** Known beforehand for constants, else null. */
  readonly values: Float32Array | null;

  constructor(node: string, shape: ShapeMap[R], values: Float32Array | null, id: number) {
    super(shape, "float32", {}, id);
    this.node = node;
    this.values = values;
  }

  /** There is nothing to free: the graph's executor frees each tensor after its last reader. */
  override dispose(): void {}
}

/** Collects the nodes of a graph. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Adds an operation and returns its only output. */
  add<R extends Rank>(
    op: string,
    inputs: readonly GraphTensor[],
    attributes: Readonly<Record<string, NodeAttribute>>,
    shape: ShapeMap[R],
    values: Float32Array | null = null,
  ): GraphTensor<R> {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name, op, input: inputs.map((input) => input.node), attr: attributes });
    // The engine counts its own tensors upwards from 0.
    return new GraphTensor<R>(name, shape, values, -this.#nodes.length);
  }

  /** Adds what is given to the graph at each run, of type FLOAT or INT32. */
  input<R extends Rank>(type: number, shape: ShapeMap[R]): GraphTensor<R> {
    return this.add("Placeholder", [], { dtype: { type }, shape: { shape: toGraphShape(shape) } }, shape);
  }

  constant<R extends Rank>(values: Float32Array, shape: ShapeMap[R]): GraphTensor<R> {
    return this.#constant(FLOAT, values, shape, values);
  }

  /** Adds a whole number, such as an axis. */
  integer(value: number): GraphTensor<Rank.R0> {
    return this.#constant(INT32, Int32Array.of(value), []);
  }

  #constant<R extends Rank>(
    dtype: number,
    { buffer, byteOffset, byteLength }: Float32Array | Int32Array,
    shape: ShapeMap[R],
    known: Float32Array | null = null,
  ): GraphTensor<R> {
    const tensorContent = new Uint8Array(buffer, byteOffset, byteLength);
    const tensor = { dtype, tensorShape: toGraphShape(shape), tensorContent };
    return this.add("Const", [], { dtype: { type: dtype }, value: { tensor } }, shape, known);
  }
}

function toGraphShape(shape: readonly number[]): GraphShape {
  return { dim: shape.map((size) => ({ size })) };
}

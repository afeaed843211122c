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

  /** Adds an operation on outputs of other nodes and returns its name. */
  append(op: string, input: readonly string[], attr: Readonly<Record<string, NodeAttribute>>): string {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name, op, input, attr });
    return name;
  }

  /** Adds an operation and returns its only output. */
  add<R extends Rank>(
    op: string,
    inputs: readonly GraphTensor[],
    attributes: Readonly<Record<string, NodeAttribute>>,
    shape: ShapeMap[R],
    values: Float32Array | null = null,
  ): GraphTensor<R> {
    const node = this.append(
      op,
      inputs.map((input) => input.node),
      attributes,
    );
    // The engine counts its own tensors upwards from 0.
    return new GraphTensor<R>(node, shape, values, -this.#nodes.length);
  }

  /** Adds what is given to the graph at each run, of type FLOAT or INT32. */
  input<R extends Rank>(type: number, shape: ShapeMap[R]): GraphTensor<R> {
    return this.add("Placeholder", [], placeholderOf(type, shape), shape);
  }

  constant<R extends Rank>(values: Float32Array, shape: ShapeMap[R]): GraphTensor<R> {
    return this.add("Const", [], constantOf(FLOAT, values, shape), shape, values);
  }

  /** Adds whole numbers, such as sizes. */
  integers(values: readonly number[]): GraphTensor<Rank.R1> {
    return this.add("Const", [], constantOf(INT32, Int32Array.from(values), [values.length]), [values.length]);
  }

  /** Adds a whole number, such as an axis. */
  integer(value: number): GraphTensor<Rank.R0> {
    return this.add("Const", [], constantOf(INT32, Int32Array.of(value), []), []);
  }
}

/** The attributes of a constant of a type FLOAT, INT32 or BOOL. */
export function constantOf(
  dtype: number,
  { buffer, byteOffset, byteLength }: Float32Array | Int32Array | Uint8Array,
  shape: readonly number[],
): Readonly<Record<string, NodeAttribute>> {
  const tensorContent = new Uint8Array(buffer, byteOffset, byteLength);
  return { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: toGraphShape(shape), tensorContent } } };
}

/** The attributes of what is given to a graph at each run. */
export function placeholderOf(dtype: number, shape: readonly number[]): Readonly<Record<string, NodeAttribute>> {
  return { dtype: { type: dtype }, shape: { shape: toGraphShape(shape) } };
}

/** Sizes as the file format has them. */
function toGraphShape(shape: readonly number[]): GraphShape {
  return { dim: shape.map((size) => ({ size })) };
}

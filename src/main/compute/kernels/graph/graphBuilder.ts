import { FLOAT, INT32 } from "./savedModel.ts";
import type { GraphNode, GraphShape, NodeAttribute } from "./savedModel.ts";

/** Stands for what a node of a graph will compute; a size of -1 is known only when it runs. */
export class GraphTensor {
  /** Of the node that computes it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Known beforehand for constants, else null. */
  readonly values: Float32Array | null;

  constructor(name: string, shape: readonly number[], values: Float32Array | null) {
    this.name = name;
    this.shape = shape;
    this.values = values;
  }

  /** There is nothing to free: the graph's executor frees each tensor after its last reader. */
  dispose(): void {}
}

/** Collects the nodes of a graph. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Adds an operation and returns its only output. */
  add(
    op: string,
    inputs: readonly GraphTensor[],
    attributes: Readonly<Record<string, NodeAttribute>>,
    shape: readonly number[],
  ): GraphTensor {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name, op, input: inputs.map((input) => input.name), attr: attributes });
    return new GraphTensor(name, shape, null);
  }

  /** Adds what is given to the graph at each run, of type FLOAT or INT32. */
  input(type: number, shape: readonly number[]): GraphTensor {
    return this.add("Placeholder", [], { dtype: { type }, shape: { shape: toGraphShape(shape) } }, shape);
  }

  constant(values: Float32Array, shape: readonly number[]): GraphTensor {
    const { name } = this.#constant(FLOAT, values, shape);
    return new GraphTensor(name, shape, values);
  }

  /** Adds a whole number, such as an axis. */
  integer(value: number): GraphTensor {
    return this.#constant(INT32, Int32Array.of(value), []);
  }

  #constant(dtype: number, { buffer, byteOffset, byteLength }: Float32Array | Int32Array, shape: readonly number[]) {
    const tensorContent = new Uint8Array(buffer, byteOffset, byteLength);
    const tensor = { dtype, tensorShape: toGraphShape(shape), tensorContent };
    return this.add("Const", [], { dtype: { type: dtype }, value: { tensor } }, shape);
  }
}

function toGraphShape(shape: readonly number[]): GraphShape {
  return { dim: shape.map((size) => ({ size })) };
}

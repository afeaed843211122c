import { keep, tensor as tensorOf } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { OpAttribute, TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";

import { GraphBuilder, constantOf, placeholderOf } from "./graphBuilder.ts";
import { nodeOfInput } from "./nameForSums.ts";
import { BOOL, FLOAT, INT32 } from "./savedModel.ts";
import type { GraphNode, NodeAttribute } from "./savedModel.ts";

/**
 * An executor runs an op as soon as its inputs are there. What a backward walk computes again from old tensors, to save
 * memory, it would compute in the forward pass and keep, or even merge with its first computation. So an op all of whose
 * inputs are older than so many ops waits for the op that ran a few before it (measured on a search step: a third more memory without).
 */
const OLD = 24;
const BEFORE = 4;

/** Tells TensorFlow that a sum is done with, so that it does not merge sums of sums, which would round otherwise. */
const KEPT_SUM = "_grappler_ArithmeticOptimizer_AddOpsRewriteStage";

/** What stores a tensor's numbers: tensors of one `dataId` are handles on the same numbers. */
type Stored = Pick<Tensor, "dataId" | "dtype" | "shape">;

/**
 * Writes every op that the back end runs into a graph, with the attributes and the tensors that it was run with. Tensors
 * that neither an op nor a declared input gave enter the graph with their numbers.
 */
export class StepRecorder {
  readonly #backend: TensorflowBackend;
  readonly #graph = new GraphBuilder();
  /** The output of a node that computes what is stored under a `dataId`. */
  readonly #outputs = new Map<object, string>();

  /** What differs from run to run: declared inputs, and what ops computed. */
  readonly #varying = new Set<object>();
  readonly #numbers = new Map<string, Tensor>();
  /** The recorded ops in order, and their places in it. */
  readonly #order: string[] = [];
  readonly #positions = new Map<string, number>();

  constructor(backend: TensorflowBackend) {
    this.#backend = backend;
  }

  /** Tensors that each run is given besides the declared inputs, by their nodes. They pass to the caller. */
  get numbers(): ReadonlyMap<string, Tensor> {
    return this.#numbers;
  }

  get nodes(): readonly GraphNode[] {
    return this.#graph.nodes;
  }

  /** Declares a tensor that each run of the graph is given, and returns its node. */
  declareInput(tensor: Tensor): string {
    this.#varying.add(tensor.dataId);
    return this.#placeholder(tensor);
  }

  /** Declares a tensor that each run of the graph returns, and returns its node. */
  declareResult(tensor: Tensor): string {
    return this.#graph.append("Identity", [this.#outputOf(tensor)], { T: { type: this.#typeOf(tensor) } });
  }

  /** Runs a computation and records it. Throws where it reads back what it is given or computes: a graph could not do so. */
  record<R>(run: () => R): R {
    const backend = this.#backend;
    const single = backend.executeSingleOutput.bind(backend);
    const multiple = backend.executeMultipleOutputs.bind(backend);
    const read = backend.readSync.bind(backend);
    Object.assign<TensorflowBackend, Partial<TensorflowBackend>>(backend, {
      executeSingleOutput: (name, attributes, inputs) => {
        const given = this.#inputsOf(inputs, read);
        const output = single(name, attributes, inputs);
        this.#add(name, attributes, given, [output]);
        return output;
      },
      executeMultipleOutputs: (name, attributes, inputs, count) => {
        const given = this.#inputsOf(inputs, read);
        const outputs = multiple(name, attributes, inputs, count);
        this.#add(name, attributes, given, outputs);
        return outputs;
      },
      readSync: (dataId) => {
        if (!this.#varying.has(dataId)) return read(dataId);
        throw new Error("graph: a step must not read numbers back while it is recorded");
      },
    });
    try {
      return run();
    } finally {
      Object.assign(backend, { executeSingleOutput: single, executeMultipleOutputs: multiple, readSync: read });
    }
  }

  #placeholder(tensor: Stored): string {
    const node = this.#graph.append("Placeholder", [], placeholderOf(this.#typeOf(tensor), tensor.shape));
    this.#outputs.set(tensor.dataId, node);
    return node;
  }

  #inputsOf(inputs: readonly Stored[], read: TensorflowBackend["readSync"]): string[] {
    return inputs.map((input) => {
      if (!this.#outputs.has(input.dataId)) this.#addConstant(input, read(input.dataId));
      return this.#outputOf(input);
    });
  }

  /**
   * Axes and shapes become part of the graph. Floating-point numbers are given to it at each run: TensorFlow would rewrite
   * arithmetic with numbers that it knows (a division into a product), and the results would differ in their last bits.
   */
  #addConstant(input: Stored, values: ArrayLike<number>): void {
    if (input.dtype === "float32") {
      const tensor = keep(tensorOf(Float32Array.from(values), input.shape));
      this.#numbers.set(this.#placeholder(input), tensor);
      return;
    }
    const constant = constantOf(this.#typeOf(input), toBytes(input, values), input.shape);
    this.#outputs.set(input.dataId, this.#graph.append("Const", [], constant));
  }

  #add(op: string, attributes: readonly OpAttribute[], inputs: readonly string[], outputs: readonly Stored[]): void {
    const node = this.#graph.append(op, [...inputs, ...this.#hold(inputs)], {
      ...Object.fromEntries(attributes.map((attribute) => [attribute.name, this.#attribute(op, attribute)])),
      ...(op === "AddN" ? { [KEPT_SUM]: { b: true } } : {}),
    });
    this.#positions.set(node, this.#order.push(node) - 1);
    outputs.forEach(({ dataId }, index) => {
      this.#varying.add(dataId);
      this.#outputs.set(dataId, index === 0 ? node : `${node}:${index}`);
    });
  }

  /** What an op waits for besides its inputs. */
  #hold(inputs: readonly string[]): string[] {
    const newest = Math.max(-1, ...inputs.map((input) => this.#positions.get(nodeOfInput(input)) ?? -1));
    const anchor = this.#order[this.#order.length - BEFORE];
    return this.#order.length - newest > OLD && anchor !== undefined ? [`^${anchor}`] : [];
  }

  #outputOf({ dataId, shape }: Stored): string {
    const output = this.#outputs.get(dataId);
    if (output === undefined) throw new Error(`graph: no recorded op gave the tensor [${shape.join(", ")}]`);
    return output;
  }

  #typeOf({ dtype }: Stored): number {
    const type = { float32: FLOAT, int32: INT32, bool: BOOL }[dtype as string];
    if (type === undefined) throw new Error(`graph: expected a tensor of float32, int32 or bool, got ${dtype}`);
    return type;
  }

  #attribute(op: string, { name, type, value }: OpAttribute): NodeAttribute {
    const { binding } = this.#backend;
    if (type === binding.TF_ATTR_TYPE && typeof value === "number") return { type: value };
    if (type === binding.TF_ATTR_FLOAT && typeof value === "number") return { f: value };
    if (type === binding.TF_ATTR_INT && typeof value === "number") return { i: value };
    if (type === binding.TF_ATTR_INT && Array.isArray(value)) return { list: { i: value as number[] } };
    if (typeof value === "boolean") return { b: value };
    if (typeof value === "string") return { s: new TextEncoder().encode(value) };
    throw new Error(`graph: the attribute ${name} of ${op} has a type that is not known here: ${type}`);
  }
}

function toBytes({ dtype }: Stored, values: ArrayLike<number>): Int32Array | Uint8Array {
  return dtype === "bool" ? Uint8Array.from(values) : Int32Array.from(values);
}

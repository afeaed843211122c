import { dispose } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import type { NamedTensors, PreparedStep, Step } from "#main/compute/kernels/kernels.ts";
import type { TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";

import { loadGraph } from "./loadGraph.ts";
import { StepRecorder } from "./stepRecorder.ts";

/** A step as a loaded graph, and the nodes of its inputs and results by their names. */
interface StepGraph {
  readonly id: number;
  readonly inputs: ReadonlyMap<string, string>;
  readonly results: ReadonlyMap<string, string>;
}

/**
 * Runs a step as one TensorFlow graph, whose executor runs branches side by side and fuses ops. The graph is what the back
 * end was seen running: the first run with inputs of some shapes runs the step op by op and records it, and then the
 * graph, so that all results come from the graph and a run continued from a checkpoint gives what an unbroken one gives.
 */
export class RecordedStep implements PreparedStep {
  readonly #backend: TensorflowBackend;
  readonly #step: Step;
  readonly #graphs = new Map<string, StepGraph>();

  constructor(backend: TensorflowBackend, step: Step) {
    this.#backend = backend;
    this.#step = step;
  }

  run(inputs: NamedTensors): NamedTensors {
    const key = [...inputs].map(([name, { shape }]) => `${name} ${shape.join("x")}`).join(", ");
    const known = this.#graphs.get(key);
    if (known !== undefined) return this.#runGraph(known, inputs);
    const recorded = this.#record(inputs);
    this.#graphs.set(key, recorded);
    return this.#runGraph(recorded, inputs);
  }

  dispose(): void {
    for (const { id } of this.#graphs.values()) this.#backend.deleteSavedModel(id);
    this.#graphs.clear();
  }

  #record(given: NamedTensors): StepGraph {
    const recorder = new StepRecorder(this.#backend);
    const declare = ([name, tensor]: readonly [string, Tensor]) => [name, recorder.declareInput(tensor)] as const;
    const inputs = new Map([...given].map(declare));
    const outputs = recorder.record(() => this.#step(given));
    const results = new Map([...outputs].map(([name, tensor]) => [name, recorder.declareResult(tensor)]));
    dispose([...outputs.values()]);
    return { id: loadGraph(this.#backend, recorder.nodes), inputs, results };
  }

  #runGraph({ id, inputs, results }: StepGraph, given: NamedTensors): NamedTensors {
    const names = [...given.keys()].map((name) => ({ name: `${inputs.get(name) ?? ""}:0` }));
    const fetched = [...results.values()].map((node) => `${node}:0`);
    const tensors = this.#backend.runSavedModel(id, [...given.values()], names, fetched);
    return new Map([...results.keys()].map((name, index) => [name, tensors[index] as Tensor]));
  }
}

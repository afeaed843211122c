import { dispose } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

import { hasNarrowConvolutions, readProcessorFlags } from "#main/engine/processorFlags.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

import type { NamedTensors, Precision, PreparedStep, Step } from "#main/compute/kernels/kernels.ts";
import type { TensorflowBackend } from "#main/compute/kernels/tensorflowBackend.ts";

import { loadGraph } from "./loadGraph.ts";
import { nameForSums, renameNodes } from "./nameForSums.ts";
import { narrowConvolutions } from "./narrowConvolutions.ts";
import { settleBiasGradients } from "./settleBiasGradients.ts";
import { StepRecorder } from "./stepRecorder.ts";

/** A step as a loaded graph: what its inputs and results are called there, and the tensors that it is given besides. */
interface StepGraph {
  readonly id: number;
  readonly inputs: ReadonlyMap<string, string>;
  readonly numbers: readonly (readonly [string, Tensor])[];
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
  readonly #precision: Precision;
  readonly #graphs = new Map<string, StepGraph>();

  /** Throws LabError `engine` where the processor does not have the precision. */
  constructor(backend: TensorflowBackend, step: Step, precision: Precision) {
    if (precision !== "float32" && !hasNarrowConvolutions(readProcessorFlags())) {
      const expected = "must be float32 on this processor, which has no AVX-512";
      throw new LabError("engine", `training.precision: ${expected}, got ${precision}`);
    }
    this.#backend = backend;
    this.#step = step;
    this.#precision = precision;
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
    for (const { id, numbers } of this.#graphs.values()) {
      this.#backend.deleteSavedModel(id);
      dispose(numbers.map(([, tensor]) => tensor));
    }
    this.#graphs.clear();
  }

  #record(given: NamedTensors): StepGraph {
    const recorder = new StepRecorder(this.#backend);
    try {
      const declare = ([name, tensor]: readonly [string, Tensor]) => [name, recorder.declareInput(tensor)] as const;
      const inputs = [...given].map(declare);
      const outputs = recorder.record(() => this.#step(given));
      const results = [...outputs].map(([name, tensor]) => [name, recorder.declareResult(tensor)] as const);
      dispose([...outputs.values()]);
      const isNarrow = this.#precision === "bfloat16";
      const nodes = isNarrow
        ? narrowConvolutions(recorder.nodes, recorder.numbers)
        : settleBiasGradients(recorder.nodes);
      const names = nameForSums(nodes);
      const outputOf = (node: string): string => `${names.get(node) ?? node}:0`;
      return {
        id: loadGraph(this.#backend, renameNodes(nodes, names)),
        inputs: new Map(inputs.map(([name, node]) => [name, outputOf(node)])),
        numbers: [...recorder.numbers].map(([node, tensor]) => [outputOf(node), tensor]),
        results: new Map(results.map(([name, node]) => [name, outputOf(node)])),
      };
    } catch (failure) {
      dispose([...recorder.numbers.values()]);
      throw failure;
    }
  }

  #runGraph({ id, inputs, numbers, results }: StepGraph, given: NamedTensors): NamedTensors {
    const feeds = [...[...given].map(([name, tensor]) => [inputs.get(name) ?? name, tensor] as const), ...numbers];
    const tensors = this.#backend.runSavedModel(
      id,
      feeds.map(([, tensor]) => tensor),
      feeds.map(([name]) => ({ name })),
      [...results.values()],
    );
    return new Map([...results.keys()].map((name, index) => [name, at(tensors, index, "results of a recorded step")]));
  }
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dispose } from "@tensorflow/tfjs-core";
import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import { LabError } from "#shared/labError.ts";

import type { CompiledForward, Forward, InputPlane } from "#main/compute/kernels/kernels.ts";

import { GraphBuilder } from "./graphBuilder.ts";
import { FLOAT, GRAPH_TAG, encodeSavedModel } from "./savedModel.ts";
import { TracedKernels, nodeOf } from "./tracedKernels.ts";
import { WindowInputs } from "./windowInputs.ts";

/** The part of the TensorFlow back end that runs whole graphs. */
export interface GraphBackend {
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(
    id: number,
    inputs: readonly Tensor[],
    inputNames: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): Tensor[];
  deleteSavedModel(id: number): void;
}

/**
 * Compiles a computation on pictures of any size into a TensorFlow graph, which fuses convolutions with their bias and activation
 * and frees each tensor after its last reader. The binding loads graphs from files only, so one lies in the system's
 * temporary folder for a moment. Throws LabError `engine` where it cannot be written or loaded.
 */
export function compileGraph(
  backend: GraphBackend,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
  inputs: readonly InputPlane[],
): CompiledForward {
  const graph = new GraphBuilder();
  const planes = inputs.map(({ name, channels }) => {
    return [name, graph.input<Rank.R4>(FLOAT, [-1, -1, -1, channels])] as const;
  });
  const known = [...constants].map(([name, tensor]) => {
    return [name, graph.constant(tensor.dataSync<"float32">(), tensor.shape)] as const;
  });
  const crops = new WindowInputs(graph);
  const output = nodeOf(forward(new TracedKernels(graph), new Map(planes), new Map(known), crops.window));
  const names = [...planes.map(([, plane]) => plane), ...crops.nodes].map(({ node }) => ({ name: `${node}:0` }));
  const id = load(backend, encodeSavedModel(graph.nodes));
  return {
    run: (given, areas) => {
      const pictures = inputs.map(({ name }) => pictureOf(given, name));
      const windows = crops.fill(areas);
      const [y] = backend.runSavedModel(id, [...pictures, ...windows], names, [`${output.node}:0`]);
      dispose(windows);
      return y as Tensor4D;
    },
    dispose: () => {
      backend.deleteSavedModel(id);
    },
  };
}

function pictureOf(planes: ReadonlyMap<string, Tensor4D>, name: string): Tensor4D {
  const plane = planes.get(name);
  if (plane === undefined)
    throw new Error(`graph: expected a picture named ${name}, got ${[...planes.keys()].join(", ")}`);
  return plane;
}

function load(backend: GraphBackend, bytes: Uint8Array): number {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(tmpdir(), "hinas-graph-"));
    writeFileSync(join(folder, "saved_model.pb"), bytes);
    return backend.loadSavedModelMetaGraph(folder, GRAPH_TAG);
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new LabError("engine", `the network's graph cannot be laid down in ${tmpdir()} and loaded: ${reason}`);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

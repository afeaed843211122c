import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dispose } from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";

import { LabError } from "#shared/labError.ts";

import type { CompiledForward, Forward } from "#main/compute/kernels/kernels.ts";

import { GraphBuilder } from "./graphBuilder.ts";
import { FLOAT, GRAPH_TAG, encodeSavedModel } from "./savedModel.ts";
import { TracedKernels, nodeOf, tensorOf } from "./tracedKernels.ts";
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
 * Compiles a computation on `[B, H, W, 1]` into a TensorFlow graph, which fuses convolutions with their bias and activation
 * and frees each tensor after its last reader. The binding loads graphs from files only, so one lies in the system's
 * temporary folder for a moment. Throws LabError `engine` where it cannot be written or loaded.
 */
export function compileGraph(
  backend: GraphBackend,
  forward: Forward,
  constants: ReadonlyMap<string, Tensor>,
): CompiledForward {
  const graph = new GraphBuilder();
  const picture = graph.input(FLOAT, [-1, -1, -1, 1]);
  const known = [...constants].map(([name, tensor]): [string, Tensor] => {
    return [name, tensorOf(graph.constant(tensor.dataSync<"float32">(), tensor.shape))];
  });
  const crops = new WindowInputs(graph);
  const output = nodeOf(forward(new TracedKernels(graph), tensorOf(picture), new Map(known), crops.window));
  const names = [picture, ...crops.nodes].map(({ name }) => ({ name: `${name}:0` }));
  const id = load(backend, encodeSavedModel(graph.nodes));
  return {
    run: (x, areas) => {
      const given = crops.fill(areas);
      const [y] = backend.runSavedModel(id, [x, ...given], names, [`${output.name}:0`]);
      dispose(given);
      return y as Tensor4D;
    },
    dispose: () => {
      backend.deleteSavedModel(id);
    },
  };
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

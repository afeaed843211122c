import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Tensor } from "@tensorflow/tfjs-core";

import { nameTemporaryFolder } from "#main/files/temporaryFiles.ts";
import { LabError } from "#shared/labError.ts";

import { GRAPH_TAG, encodeSavedModel } from "./savedModel.ts";
import type { GraphNode } from "./savedModel.ts";

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
 * Loads a graph and returns its number. The binding loads graphs from files only, so one lies in the system's temporary
 * folder for a moment. Throws LabError `engine` where it cannot be written or loaded.
 */
export function loadGraph(backend: GraphBackend, nodes: readonly GraphNode[]): number {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(nameTemporaryFolder("graph"));
    writeFileSync(join(folder, "saved_model.pb"), encodeSavedModel(nodes));
    return backend.loadSavedModelMetaGraph(folder, GRAPH_TAG);
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new LabError("engine", `the network's graph cannot be laid down in ${tmpdir()} and loaded: ${reason}`);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

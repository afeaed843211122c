import { createHash } from "node:crypto";

import { readRegularFile } from "#main/files/readRegularFile.ts";
import { LabError } from "#shared/labError.ts";
import { type ModelCard, modelCardSchema } from "#shared/runs/modelCard.ts";
import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { liveNodes } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph, genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { encodeCheckpoint, MAX_MODEL_BYTES, noteOf } from "#main/compute/checkpoint/checkpointFile.ts";
import { cutParameters } from "#main/compute/layers/parameters.ts";

import { foldNorms } from "./foldNorms.ts";
import { decodeNetwork, packNetwork, planNotes, type TrainedNetwork } from "./networkFile.ts";
import { decodeOnnxFile, encodeOnnxFile } from "./onnxFile.ts";

/** The formats in which models leave the lab and come back. */
export type ModelFormat = "safetensors" | "onnx";

/** A network from a file, and the card inside; null where there is none, as in a run's checkpoints. */
export interface ModelFile {
  readonly network: TrainedNetwork;
  readonly card: ModelCard | null;
}

/**
 * Reads a network from a checkpoint or a file that was exported, by the file's ending. Throws LabError `bad_checkpoint` and
 * its kin, also where the card inside tells of another network.
 */
export async function readModel(file: string): Promise<ModelFile> {
  const bytes = await readRegularFile(file, MAX_MODEL_BYTES);
  return decodeModel(bytes, file.toLowerCase().endsWith(".onnx") ? "onnx" : "safetensors", file);
}

/** Reads a model from the bytes of a file. Throws as `readModel` does. */
export function decodeModel(bytes: Uint8Array, format: ModelFormat, file: string): ModelFile {
  const { network, notes } = format === "onnx" ? decodeOnnxFile(bytes, file) : decodeNetwork(bytes, file);
  if (notes["card"] === undefined) return { network, card: null };
  const card = noteOf({ kind: "network", tensors: new Map(), notes }, file, "card", modelCardSchema);
  const hash = hashNetwork(network);
  if (card.hash === hash) return { network, card };
  const message = `model ${file} must hold the network ${card.hash.slice(0, 8)} of its card, got ${hash.slice(0, 8)}`;
  throw new LabError("bad_checkpoint", message);
}

/** Encodes a network and its card as a file of a format. */
export function encodeModel({ network, card }: ModelFile, format: ModelFormat): Uint8Array {
  const notes = card === null ? {} : { card: JSON.stringify(card) };
  if (format === "onnx") return encodeOnnxFile(network, notes);
  return encodeCheckpoint({
    kind: "network",
    tensors: packNetwork(network),
    notes: { ...notes, ...planNotes(network.plan) },
  });
}

/**
 * Names a network by what it computes: a SHA-256 over its genotype and the filters and biases that are run, with norms
 * folded in. The same for its checkpoint, its ONNX file and what is imported of that.
 */
export function hashNetwork({ plan, parameters, statistics }: TrainedNetwork): string {
  const graph = buildNetworkGraph(plan);
  const folded = foldGraph(graph);
  const parts = cutParameters(graphParameters(folded), foldNorms(graph, parameters, statistics));
  const hash = createHash("sha256").update(genotypeToJson(plan.genotype));
  for (const { name } of graphParameters({ ...folded, nodes: liveNodes(folded) })) {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`hashNetwork: there is no parameter named ${name}`);
    hash.update(`${name}\n`).update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest("hex");
}

import { isDeepStrictEqual } from "node:util";

import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { liveNodes } from "#shared/space/graph/networkGraph.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";
import type { Trimming } from "#shared/space/graph/trimming.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { LabError } from "#shared/labError.ts";

import { checkFinite, describeMissing } from "#main/compute/checkpoint/checkpointFile.ts";
import { LEAKY_SLOPE } from "#main/compute/kernels/kernels.ts";
import { cutParameters } from "#main/compute/layers/parameters.ts";
import { buildOnnxModel, weightName } from "#main/export/buildOnnxModel.ts";
import { turnFilter } from "#main/export/turnFilter.ts";
import {
  decodeOnnx,
  encodeOnnx,
  NOTE_PREFIX,
  type OnnxContent,
  type OnnxModel,
  type OnnxNode,
} from "#main/export/onnxModel.ts";

import { foldNorms, unfoldNorms } from "./foldNorms.ts";
import { planNotes, readPlan, type TrainedNetwork } from "./networkFile.ts";

const FORMAT = "hinas-onnx";
const VERSION = 1;

/** Encodes a network for tiles, which are cropped on their way, as `trimming` plans it. */
export function encodeForTiles(network: TrainedNetwork, trimming: Trimming): Uint8Array {
  return encodeOnnx(buildModel(network, {}, trimming));
}

/** Encodes a network as an ONNX file that any runtime reads; `notes` say where it comes from. */
export function encodeOnnxFile(network: TrainedNetwork, notes: Readonly<Record<string, string>>): Uint8Array {
  const { imageChannels, noiseMap } = network.plan;
  const own = { ...notes, ...planNotes(network.plan), format: FORMAT, version: String(VERSION) };
  const metadata = {
    ...Object.fromEntries(Object.entries(own).map(([name, note]) => [NOTE_PREFIX + name, note])),
    value_range: "0..1, gamma-coded as in the photo; the output is not clipped",
    channels: imageChannels === 1 ? "grey" : "red, green, blue",
    noise_map: noiseMap ? "standard deviation of the noise at each pixel, on the scale of the pictures" : "none",
  };
  return encodeOnnx(buildModel(network, metadata, null));
}

/**
 * Reads a network from an ONNX file that this program wrote; its norms come back as ones that change nothing, for they were
 * folded into the filters. Throws LabError `bad_checkpoint` for other files and damaged ones, and `newer_version`.
 */
export function decodeOnnxFile(
  bytes: Uint8Array,
  file: string,
): { readonly network: TrainedNetwork; readonly notes: Readonly<Record<string, string>> } {
  const content = decodeOnnx(bytes, file);
  const notes = readNotes(content, file);
  const plan = readPlan({ kind: "network", tensors: new Map(), notes }, file);
  const graph = buildNetworkGraph(plan);
  const folded = readParameters(content, plan, file);
  const network = { plan, ...unfoldNorms(graph, folded) };
  checkSameModel(content, buildModel(network, {}, null), file);
  return { network, notes };
}

function buildModel(
  { plan, parameters, statistics }: TrainedNetwork,
  metadata: Readonly<Record<string, string>>,
  trimming: Trimming | null,
): OnnxModel {
  const graph = buildNetworkGraph(plan);
  const folded = foldGraph(graph);
  const values = cutParameters(graphParameters(folded), foldNorms(graph, parameters, statistics));
  return buildOnnxModel({ graph: folded, parameters: values, leakySlope: LEAKY_SLOPE, metadata, trimming });
}

function readNotes({ metadata, producer }: OnnxContent, file: string): Readonly<Record<string, string>> {
  const own = Object.entries(metadata).filter(([name]) => name.startsWith(NOTE_PREFIX));
  const { format, version, ...notes } = Object.fromEntries(
    own.map(([name, note]) => [name.slice(NOTE_PREFIX.length), note]),
  );
  if (format !== FORMAT) {
    const message = `${file} must be a network that HiNAS Lab exported, got one by ${producer || "an unknown program"}`;
    throw new LabError("bad_checkpoint", `${message}, of which nobody knows what it expects`);
  }
  if (version !== String(VERSION)) {
    const message = `${file} must have version ${VERSION} of our notes, got ${version ?? "none"}; update this program`;
    throw new LabError("newer_version", message);
  }
  return notes;
}

/** Reads the parameters of the folded network, unpadded and HWIO. */
function readParameters(
  { tensors }: OnnxContent,
  plan: TrainedNetwork["plan"],
  file: string,
): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  const graph = foldGraph(buildNetworkGraph(plan));
  // Looked at before room is made for what the plan alone asks for: it can ask for more than there is memory.
  for (const spec of graphParameters({ ...graph, nodes: liveNodes(graph) })) {
    const tensor = tensorName(spec);
    const got = tensors.get(tensor)?.data.length ?? 0;
    if (got !== sizeOfShape(spec.shape)) {
      throw describeMissing(file, tensor, `${sizeOfShape(spec.shape)} numbers`, got === 0 ? "nothing" : `${got}`);
    }
  }
  return new Map(
    graphParameters(graph).map((spec) => {
      const { name, shape } = spec;
      const [height = 1, width = 1, input = 1, filters] = shape;
      const tensor = tensorName(spec);
      // What nobody runs is in no model.
      const values = tensors.get(tensor)?.data ?? new Float32Array(sizeOfShape(shape));
      if (values.length !== sizeOfShape(shape)) {
        throw describeMissing(file, tensor, `${sizeOfShape(shape)} numbers`, `${values.length}`);
      }
      checkFinite(file, tensor, values);
      return [name, filters === undefined ? values : turnFilter(values, filters, input, height * width)];
    }),
  );
}

/** Filters are turned for the file and have a name of their own there. */
function tensorName({ name, shape }: ParameterSpec): string {
  return shape[3] === undefined ? name : weightName(name);
}

/** The graph must be the one that this program writes for the plan: another would give other pictures than the file's own. */
function checkSameModel({ nodes, tensors }: OnnxContent, expected: OnnxModel, file: string): void {
  for (const { name, dims } of expected.initializers) {
    const got = tensors.get(name);
    if (got === undefined || String(got.dims) !== String(dims)) {
      throw describeMissing(
        file,
        name,
        `the shape [${dims.join(", ")}]`,
        got === undefined ? "nothing" : `[${got.dims.join(", ")}]`,
      );
    }
  }
  for (let index = 0; index < Math.max(nodes.length, expected.nodes.length); index++) {
    const [wanted, got] = [expected.nodes[index], nodes[index]];
    if (isDeepStrictEqual(wanted, got)) continue;
    throw describeMissing(file, `operation ${index}`, describeNode(wanted), describeNode(got));
  }
}

/** Names from files are quoted and cut, so that they cannot take over the message. */
function describeNode(node: OnnxNode | undefined): string {
  if (node === undefined) return "nothing";
  const text = JSON.stringify({ op: node.op, inputs: node.inputs, attributes: node.attributes });
  return text.length > 240 ? `${text.slice(0, 240)}...` : text;
}

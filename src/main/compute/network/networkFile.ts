import { genotypeToJson, parseGenotype } from "#shared/space/genotype.ts";

import { describeMissing, floatsOf, readCheckpoint, writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { countParameters, sizeOfShape } from "#main/compute/layers/parameters.ts";

import { countStatistics } from "./statistics.ts";
import { networkNorms, networkParameters } from "./structure.ts";
import type { NetworkPlan } from "./structure.ts";

/** A derived network with everything that it learnt: parameters `[N]`, and mean and variance of each norm in turn. */
export interface TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly statistics: Float32Array<ArrayBuffer>;
}

/** Cuts a network into tensors by name: parameters in HWIO, running statistics as `<norm>.mean` and `<norm>.variance`. */
export function packNetwork({ plan, parameters, statistics }: TrainedNetwork): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  let offset = 0;
  for (const { name, shape } of networkParameters(plan)) {
    const length = sizeOfShape(shape);
    tensors.set(name, { shape, data: parameters.slice(offset, offset + length) });
    offset += length;
  }
  offset = 0;
  for (const { name, channels } of networkNorms(plan)) {
    for (const part of ["mean", "variance"]) {
      tensors.set(`${name}.${part}`, { shape: [channels], data: statistics.slice(offset, offset + channels) });
      offset += channels;
    }
  }
  return tensors;
}

/** Writes a network with its genotype; `notes` say where it comes from. Throws LabError disk or permission. */
export async function writeNetwork(
  file: string,
  network: TrainedNetwork,
  notes: Readonly<Record<string, string>>,
): Promise<void> {
  const { genotype, filters } = network.plan;
  await writeCheckpoint(file, {
    kind: "network",
    tensors: packNetwork(network),
    notes: { ...notes, genotype: genotypeToJson(genotype), filters: String(filters) },
  });
}

/** Reads a network from a file for use, or from a training's own checkpoint. Throws LabError bad_checkpoint and its kin. */
export async function readNetwork(file: string): Promise<TrainedNetwork> {
  const checkpoint = await readCheckpoint(file, ["network", "train"]);
  const plan = readPlan(checkpoint, file);
  const parameters = new Float32Array(countParameters(networkParameters(plan)));
  let offset = 0;
  for (const { name, shape } of networkParameters(plan)) {
    parameters.set(floatsOf(checkpoint, file, name, sizeOfShape(shape)), offset);
    offset += sizeOfShape(shape);
  }
  const norms = networkNorms(plan);
  const statistics = new Float32Array(countStatistics(norms));
  offset = 0;
  for (const { name, channels } of norms) {
    statistics.set(floatsOf(checkpoint, file, `${name}.mean`, channels), offset);
    statistics.set(floatsOf(checkpoint, file, `${name}.variance`, channels), offset + channels);
    offset += 2 * channels;
  }
  return { plan, parameters, statistics };
}

function readPlan({ notes }: Checkpoint, file: string): NetworkPlan {
  const filters = Number(notes["filters"]);
  if (!Number.isInteger(filters) || filters < 1) {
    throw describeMissing(file, "note filters", "a whole number above 0", notes["filters"] ?? "nothing");
  }
  return { genotype: parseGenotype(parseJson(notes["genotype"] ?? "", file), file), filters };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw describeMissing(file, "note genotype", "JSON", text === "" ? "nothing" : text.slice(0, 40));
  }
}

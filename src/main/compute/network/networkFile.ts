import { genotypeToJson, parseGenotype } from "#shared/space/cells/genotype.ts";

import { describeMissing, floatsOf, readCheckpoint, writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { cutParameters, layParameters, sizeOfShape } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";

import { networkParameters, networkStatistics } from "./structure.ts";
import type { NetworkPlan } from "./structure.ts";

/** A derived network with everything that it learnt, both as stored vectors: parameters and running statistics. */
export interface TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly statistics: Float32Array<ArrayBuffer>;
}

/** Cuts a network into tensors by name: parameters in HWIO, running statistics as `<norm>.mean` and `<norm>.variance`. */
export function packNetwork({ plan, parameters, statistics }: TrainedNetwork): Map<string, NamedTensor> {
  return new Map([...pack(networkParameters(plan), parameters), ...pack(networkStatistics(plan), statistics)]);
}

function pack(specs: readonly ParameterSpec[], flat: Float32Array): [string, NamedTensor][] {
  const parts = cutParameters(specs, flat);
  return specs.map(({ name, shape }) => [name, { shape, data: parts.get(name) ?? new Float32Array() }]);
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
  const read = (specs: readonly ParameterSpec[]): Float32Array<ArrayBuffer> =>
    layParameters(specs, ({ name, shape }) => floatsOf(checkpoint, file, name, sizeOfShape(shape)));
  return { plan, parameters: read(networkParameters(plan)), statistics: read(networkStatistics(plan)) };
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

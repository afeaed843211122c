import { z } from "zod";

import { at } from "#shared/at.ts";
import { graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import {
  type AnyNetworkPlan,
  buildNetworkGraph,
  genotypeToJson,
  parseAnyGenotype,
} from "#shared/space/spaces/spaces.ts";

import {
  decodeCheckpoint,
  describeMissing,
  floatsOf,
  noteOf,
  readCheckpoint,
  writeCheckpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { cutParameters, layParameters } from "#main/compute/layers/parameters.ts";

/** A derived network with everything that it learnt, both as stored vectors: parameters and running statistics. */
export interface TrainedNetwork {
  readonly plan: AnyNetworkPlan;
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly statistics: Float32Array<ArrayBuffer>;
}

/** A network and the notes beside it. */
interface NotedNetwork {
  readonly network: TrainedNetwork;
  readonly notes: Checkpoint["notes"];
}

const NETWORK_KINDS = ["network", "train"] as const;

/** Cuts a network into tensors by name: parameters in HWIO, running statistics as `<norm>.mean` and `<norm>.variance`. */
export function packNetwork({ plan, parameters, statistics }: TrainedNetwork): Map<string, NamedTensor> {
  const graph = buildNetworkGraph(plan);
  return new Map([...pack(graphParameters(graph), parameters), ...pack(graphStatistics(graph), statistics)]);
}

function pack(specs: readonly ParameterSpec[], flat: Float32Array): [string, NamedTensor][] {
  const parts = [...cutParameters(specs, flat).values()];
  return specs.map(({ name, shape }, index) => [name, { shape, data: at(parts, index, "parameters") }]);
}

/** Says in the notes of a checkpoint which network it holds. */
export function planNotes({ genotype, ...settings }: AnyNetworkPlan): Readonly<Record<string, string>> {
  return { genotype: genotypeToJson(genotype), network: JSON.stringify(settings), filters: String(settings.filters) };
}

/** Writes a network with its genotype; `notes` say where it comes from. Throws LabError disk or permission. */
export async function writeNetwork(
  file: string,
  network: TrainedNetwork,
  notes: Readonly<Record<string, string>>,
): Promise<void> {
  const tensors = packNetwork(network);
  await writeCheckpoint(file, { kind: "network", tensors, notes: { ...notes, ...planNotes(network.plan) } });
}

/**
 * Reads a network from a file for use, or from a training's own checkpoint. Throws LabError bad_checkpoint and its kin, also
 * for numbers that are not finite and filters of another shape.
 */
export async function readNetwork(file: string): Promise<TrainedNetwork> {
  return toNetwork(await readCheckpoint(file, NETWORK_KINDS), file).network;
}

/** Reads a network from the bytes of a file, and what is noted beside it. Throws as `readNetwork` does. */
export function decodeNetwork(bytes: Uint8Array, file: string): NotedNetwork {
  return toNetwork(decodeCheckpoint(bytes, file, NETWORK_KINDS), file);
}

function toNetwork(checkpoint: Checkpoint, file: string): NotedNetwork {
  const plan = readPlan(checkpoint, file);
  const graph = buildNetworkGraph(plan);
  const [parameters, statistics] = [graphParameters(graph), graphStatistics(graph)];
  // All are looked at before room is made for any: a plan can ask for more than there is memory.
  for (const spec of [...parameters, ...statistics]) readParameter(checkpoint, spec, file);
  const lay = (specs: readonly ParameterSpec[]): Float32Array<ArrayBuffer> =>
    layParameters(specs, (spec) => readParameter(checkpoint, spec, file));
  return { network: { plan, parameters: lay(parameters), statistics: lay(statistics) }, notes: checkpoint.notes };
}

function readParameter(checkpoint: Checkpoint, { name, shape }: ParameterSpec, file: string): Float32Array {
  const values = floatsOf(checkpoint, file, name, sizeOfShape(shape));
  const got = checkpoint.tensors.get(name)?.shape ?? [];
  if (got.join() !== shape.join()) {
    throw describeMissing(file, name, `the shape [${shape.join(", ")}]`, `[${got.join(", ")}]`);
  }
  const negative = name.endsWith(".variance") ? values.find((value) => value < 0) : undefined;
  if (negative !== undefined) throw describeMissing(file, name, "variances of 0 or more", `${negative}`);
  return values;
}

/**
 * Reads which network a checkpoint holds. Version 0.1.0 noted nothing but its genotype and filters; all else was as published.
 * Throws LabError bad_checkpoint where the notes do not say it.
 */
export function readPlan(checkpoint: Checkpoint, file: string): AnyNetworkPlan {
  const { notes } = checkpoint;
  const filters = notes["filters"] ?? "nothing";
  const note =
    notes["network"] === undefined ? { filters: Number(filters) } : noteOf(checkpoint, file, "network", z.unknown());
  const settings = networkSettingsSchema.safeParse(note);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    const place = issue?.path.join(".") ?? "";
    const got = notes["network"]?.slice(0, 120) ?? `filters ${filters}`;
    throw describeMissing(file, `note network${place === "" ? "" : `, ${place},`}`, "a network's settings", got);
  }
  return { genotype: parseAnyGenotype(noteOf(checkpoint, file, "genotype", z.unknown()), file), ...settings.data };
}

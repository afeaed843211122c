import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { encodeModel, hashNetwork, type ModelFormat } from "#main/compute/network/modelFile.ts";
import type { ModelCard } from "#shared/runs/modelCard.ts";
import { networkSettingsSchema, planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { drawNetwork, MIXED_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

/** So few channels hand on little: with this, pictures depend on the noise that a network is told by some grey levels. */
const GAIN = 1.6;

/** How a tiny model differs from one for grey pictures with a noise map. */
export interface TinyModel extends Partial<Pick<ModelCard, "noise" | "trainedSigma255">> {
  readonly imageChannels?: 1 | 3;
  readonly noiseMap?: boolean;
  readonly unshuffle?: 1 | 2;
  readonly seed?: number;
  readonly format?: ModelFormat;
}

/** Writes a tiny network with its card inside, as models are shipped, and returns its file; nothing was trained. */
export async function writeTinyModel(folder: string, name: string, wish: TinyModel = {}): Promise<string> {
  const { imageChannels = 1, noiseMap = true, unshuffle = 1, seed = 1, format = "safetensors" } = wish;
  const { noise = "gaussian", trainedSigma255 = { from: 0, to: 50 } } = wish;
  const sizes = { filters: 2, stemChannels: 4, endpointChannels: 4, decoderChannels: 4 };
  const settings = { ...sizes, imageChannels, noiseMap, unshuffle };
  const drawn = drawNetwork(planNetwork(MIXED_GENOTYPE, settings), seed);
  const network = { ...drawn, parameters: drawn.parameters.map((value) => GAIN * value) };
  const card: ModelCard = {
    schema: "hinas.model",
    version: 1,
    name,
    hash: hashNetwork(network),
    genotype: MIXED_GENOTYPE,
    network: networkSettingsSchema.parse(settings),
    found: "drawn for a test",
    data: null,
    noise,
    trainedSigma255,
    recipe: "not trained",
    figures: [],
    coreHours: { search: null, training: null, tuning: null },
    commands: [],
    createdAt: "2026-11-29T00:00:00.000Z",
  };
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.${format}`);
  await writeFile(file, encodeModel({ network, card }, format));
  return file;
}

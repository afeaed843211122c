import { join } from "node:path";

import { expect, vi } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import { writePhotos } from "./labHome.ts";
import { makeTinySearch } from "./tinySearch.ts";

const PATIENCE = { timeout: 180_000 };
const NOISE = { kind: "gaussian", sigma255: 30 } as const;
const DATA = { dataset: "mine", validationShare: 0.125 };
const SEARCH = makeTinySearch({ name: "found", data: DATA, epochs: 4 });

/** What there is in a lab that has something for every room. */
export interface LabContent {
  readonly search: string;
  readonly hash: string;
  readonly models: readonly string[];
  readonly evaluation: string;
}

/** Does the whole main job once with the smallest settings, so that every room has something to show. */
export async function fillLab(lab: Lab, folder: string): Promise<LabContent> {
  const photos = await writePhotos(join(folder, "mine"), 10, 48);
  await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
  await lab.saveNoiseProfile({ name: "day", noise: NOISE });
  const search = await lab.startSearch(searchConfigSchema.parse(SEARCH));
  expect(await lab.waitForRun(search.id)).toMatchObject({ state: "finished" });
  const { hash, genotype } = await lab.derive(search.id, null);
  const models = [await train(lab, genotype, 4), await train(lab, genotype, 8)];
  for (const model of models) await measure(lab, model);
  await denoise(lab, models, join(photos, "photo-01.png"));
  const [evaluation] = await lab.listEvaluations({ runId: null });
  return { search: search.id, hash, models, evaluation: evaluation?.id ?? "" };
}

async function train(lab: Lab, genotype: AnyGenotype, filters: number): Promise<string> {
  const training = { steps: 6, batchSize: 1, patchSize: 16, optimiser: { kind: "adam" }, validateEverySteps: 3 };
  const config = { name: `${filters} filters`, noise: NOISE, data: DATA, network: { filters }, training };
  const { id } = await lab.startTraining(trainConfigSchema.parse(config), genotype);
  expect(await lab.waitForRun(id)).toMatchObject({ state: "finished" });
  return id;
}

async function measure(lab: Lab, model: string): Promise<void> {
  const config = evaluationConfigSchema.parse({ data: { dataset: "mine", maxPhotos: 2 }, noise: NOISE });
  await lab.startEvaluation({ model, configs: [config] });
  await vi.waitFor(async () => expect(await lab.listEvaluations({ runId: model })).toHaveLength(1), PATIENCE);
}

async function denoise(lab: Lab, models: readonly string[], photo: string): Promise<void> {
  const { id } = await lab.startDenoise({
    models: [...models],
    inputs: [photo],
    output: { kind: "look" },
    memoryBudgetMb: null,
    addNoise: NOISE,
    noiseSeed: 0,
    sigma255: null,
    selfEnsemble: false,
  });
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await vi.waitFor(async () => expect(await find()).toMatchObject({ state: "finished" }), PATIENCE);
}

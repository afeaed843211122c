import { join } from "node:path";

import type { Architecture } from "#shared/api/architectures.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import {
  type EvaluationConfig,
  evaluationConfigSchema,
  searchConfigSchema,
  trainConfigSchema,
} from "#shared/runs/config.ts";
import { type AnyGenotype, asCells } from "#shared/space/spaces/spaces.ts";

import { writeDeadLeaves } from "./samplePictures.ts";

/** Pictures to search and train on, and others to measure on. */
const PHOTOS = 24;
const HELD_OUT = 6;
const SIGMA = 30;
const NOISE = { kind: "gaussian", sigma255: SIGMA } as const;

/** Small enough to end within minutes, large enough that every chart has something to say. */
const SEARCH = {
  seed: 3,
  noise: NOISE,
  data: { dataset: "leaves", validationShare: 0.08 },
  space: { layers: 3, nodes: 2, filters: 6 },
  search: {
    epochs: 20,
    warmupEpochs: 3,
    batchSize: 2,
    patchSize: 32,
    weights: { cosineHalfPeriodEpochs: 10 },
    arch: { learningRate: 0.015 },
  },
};

/** The same with fewer primitives and widths: another architecture to compare with. */
const PLAIN_SEARCH = {
  ...SEARCH,
  seed: 11,
  space: {
    ...SEARCH.space,
    layers: 2,
    widthFactors: [1, 1.5],
    primitives: ["conv_3x3", "sep_conv_3x3", "skip_connect", "none"],
  },
  search: { ...SEARCH.search, epochs: 12 },
};

const TRAINING = {
  noise: NOISE,
  data: SEARCH.data,
  training: {
    batchSize: 6,
    patchSize: 40,
    ssimWeight: 0,
    optimiser: { kind: "adam", learningRate: 0.004 },
    schedule: { kind: "cosine" },
    warmupSteps: 20,
    clipValue: null,
    validateEverySteps: 50,
    checkpointEverySteps: 100,
  },
};

/** Puts into an empty lab what its pages can show: drawn pictures, two searches, trainings, evaluations; all of it real. */
export async function fillLab(lab: Lab, folder: string, log: (line: string) => void): Promise<void> {
  await addMaterial(lab, folder);
  const architectures = await search(lab, log);
  const models = await train(lab, architectures, log);
  for (const { id, name } of models) {
    for (const sigma255 of [15, SIGMA, 50]) {
      log(`measures ${name} at sigma ${sigma255}`);
      const noise = { kind: "gaussian", sigma255 } as const;
      await measure(lab, id, evaluationConfigSchema.parse({ data: { dataset: "held-out" }, noise }));
    }
  }
}

/** A search that takes long enough to be looked at while it runs. */
export function startLongSearch(lab: Lab): Promise<RunSummary> {
  const config = { ...SEARCH, name: "leaves, longer", seed: 8, search: { ...SEARCH.search, epochs: 400 } };
  return lab.startSearch(searchConfigSchema.parse(config));
}

/** Denoises held-out pictures by the newest network, with noise added so that there is something to compare with. */
export async function startDenoisings(lab: Lab): Promise<void> {
  const models = await lab.listModels();
  const { photos } = await lab.listDatasetPhotos({
    dataset: "held-out",
    offset: 0,
    limit: HELD_OUT,
    validationShare: 0,
  });
  const task = await lab.startDenoise({
    models: models.slice(0, 1).map(({ id }) => id),
    inputs: photos.map(({ name }) => ({ dataset: "held-out", photo: name })),
    output: { kind: "look" },
    memoryBudgetMb: null,
    addNoise: NOISE,
    noiseSeed: 0,
    sigma255: null,
    selfEnsemble: false,
  });
  await waitForTask(lab, task.id);
}

async function addMaterial(lab: Lab, folder: string): Promise<void> {
  const leaves = await writeDeadLeaves(join(folder, "leaves"), 0, PHOTOS);
  const heldOut = await writeDeadLeaves(join(folder, "held-out"), PHOTOS, HELD_OUT);
  await lab.addDataset({ name: "leaves", folder: leaves, noisyFolder: null });
  await lab.addDataset({ name: "held-out", folder: heldOut, noisyFolder: null });
  await lab.saveNoiseProfile({ name: "Sigma 30", noise: NOISE });
  await lab.saveNoiseProfile({ name: "Blind, 0 to 55", noise: { kind: "gaussian", sigma255: { from: 0, to: 55 } } });
  await lab.saveNoiseProfile({
    name: "Camera at night",
    noise: { kind: "poisson_gaussian", gain: 0.02, sigma255: 6 },
  });
}

interface Found {
  readonly best: AnyGenotype;
  readonly plain: AnyGenotype;
}

async function search(lab: Lab, log: (line: string) => void): Promise<Found> {
  log("searches twice");
  const plain = await finish(
    lab,
    lab.startSearch(searchConfigSchema.parse({ ...PLAIN_SEARCH, name: "leaves, plain" })),
  );
  const large = await finish(
    lab,
    lab.startSearch(searchConfigSchema.parse({ ...SEARCH, name: "leaves, three widths" })),
  );
  const second = await lab.derive(plain.id, null);
  await lab.derive(large.id, SEARCH.search.warmupEpochs + 1);
  const first = await lab.derive(large.id, null);
  await editByHand(lab, await lab.showArchitecture(first.hash));
  return { best: first.genotype, plain: second.genotype };
}

/** Gives the architecture a child that computes one edge otherwise. */
async function editByHand(lab: Lab, { hash, genotype }: Architecture): Promise<void> {
  const [edge] = asCells(genotype)?.cells[1]?.nodes[0] ?? [];
  if (edge === undefined) return;
  const primitive = edge.primitive === "sep_conv_5x5" ? "conv_3x3" : "sep_conv_5x5";
  const edit = { kind: "edge", layer: 1, node: 0, edge: 0, from: edge.from, primitive } as const;
  await lab.editArchitecture({ parent: hash, edit, name: "three widths, one edge by hand" });
}

async function train(lab: Lab, { best, plain }: Found, log: (line: string) => void): Promise<readonly RunSummary[]> {
  const wishes = [
    { name: "plain, 6 filters", genotype: plain, filters: 6, steps: 300 },
    { name: "three widths, 4 filters", genotype: best, filters: 4, steps: 400 },
    { name: "three widths, 8 filters", genotype: best, filters: 8, steps: 800 },
  ];
  const models: RunSummary[] = [];
  for (const { name, genotype, filters, steps } of wishes) {
    log(`trains ${name}`);
    const training = { ...TRAINING.training, steps };
    const config = trainConfigSchema.parse({ ...TRAINING, name, network: { filters }, training });
    models.push(await finish(lab, lab.startTraining(config, genotype)));
  }
  return models;
}

async function finish(lab: Lab, starting: Promise<RunSummary>): Promise<RunSummary> {
  const run = await lab.waitForRun((await starting).id);
  if (run.state !== "finished") throw new Error(`${run.name}: must finish, got ${run.state}: ${run.reason ?? ""}`);
  return run;
}

/** Measures as the window does, which keeps the pictures for error maps. */
async function measure(lab: Lab, model: string, config: EvaluationConfig): Promise<void> {
  const { id } = await lab.startEvaluation({ model, configs: [config] });
  await waitForTask(lab, id);
}

async function waitForTask(lab: Lab, id: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = lab.watch((change) => {
      if (change.kind !== "task" || change.task.id !== id || change.task.endedAt === null) return;
      stop();
      if (change.task.state === "finished") resolve();
      else reject(new Error(`${change.task.title}: ${change.task.error?.message ?? change.task.state}`));
    });
  });
}

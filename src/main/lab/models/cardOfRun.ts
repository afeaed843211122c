import { availableParallelism } from "node:os";

import type { RunManifest } from "#main/store/runs/runFiles.ts";
import { getRunPaths, readManifest, readStatus } from "#main/store/runs/runFolder.ts";
import type { ArchitectureOrigin } from "#shared/api/architectures.ts";
import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import type { Lab } from "#shared/api/lab.ts";
import { type ModelCard, trainedRangeOf } from "#shared/runs/modelCard.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { LabError } from "#shared/labError.ts";

/** What the card of a training is made with. */
export type CardContext = Pick<Lab, "listEvaluations" | "listArchitectures">;

/** Makes the card of a training's network, whose content has this hash, from what its run knows. Throws LabError. */
export async function makeCardOfRun(
  context: CardContext,
  run: { readonly id: string; readonly folder: string },
  hash: string,
): Promise<ModelCard> {
  const paths = getRunPaths(run.folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "train") throw new LabError("bad_config", `run ${run.id} must be a training, got a search`);
  const { step, secondsPerStep } = await readStatus(paths);
  const { genotype, config, dataset, createdAt } = manifest;
  const architectures = await context.listArchitectures();
  const origin = architectures.find((each) => each.hash === genotypeHash(genotype))?.origin;
  const training = secondsPerStep === null ? null : (secondsPerStep * step * availableParallelism()) / 3600;
  const evaluations = await context.listEvaluations({ runId: run.id });
  return {
    schema: "hinas.model",
    version: 1,
    name: manifest.name.replaceAll(/[/\\]/g, "-").slice(0, 120) || run.id,
    hash,
    genotype,
    network: config.network,
    found: describeOrigin(origin),
    data: { name: dataset.name, fingerprint: dataset.fingerprint },
    noise: config.noise.kind,
    trainedSigma255: trainedRangeOf(config.noise),
    recipe: describeTraining(manifest, step),
    figures: newestOfEach(evaluations.filter(isPlain)).map(toFigure),
    coreHours: { search: null, training, tuning: null },
    commands: [`hinas train ${genotypeHash(genotype)}.json --config config.yaml`],
    createdAt,
  };
}

/** Makes the card of a network of which nothing is known but itself. */
export function makeBareCard(
  name: string,
  { hash, genotype, network }: Pick<ModelCard, "hash" | "genotype" | "network">,
): ModelCard {
  return {
    schema: "hinas.model",
    version: 1,
    name: name.replaceAll(/[/\\]/g, "-").slice(0, 120),
    hash,
    genotype,
    network,
    found: "not known",
    data: null,
    noise: null,
    trainedSigma255: null,
    recipe: "not known",
    figures: [],
    coreHours: { search: null, training: null, tuning: null },
    commands: [],
    createdAt: new Date().toISOString(),
  };
}

function describeOrigin(origin: ArchitectureOrigin | undefined): string {
  if (origin === undefined) return "not known";
  if (origin.kind === "derived") return `derived from epoch ${origin.epoch} of the search ${origin.runName}`;
  if (origin.kind === "edited") return `edited by hand: ${origin.change}`;
  return `imported: ${origin.source}`;
}

function describeTraining(
  { config: { training, seed } }: Extract<RunManifest, { kind: "train" }>,
  step: number,
): string {
  const { optimiser, schedule, ssimWeight } = training;
  const rate = `rate ${optimiser.learningRate} falling by ${schedule.kind}`;
  return `${step} of ${training.steps} steps, ${optimiser.kind}, ${rate}, SSIM weight ${ssimWeight}, seed ${seed}`;
}

/** A card's figure names no recipe, so it is of the usual one: whole photos, each denoised once. */
function isPlain({ recipe }: EvaluationSummary): boolean {
  return recipe.protocol === undefined && recipe.selfEnsemble === undefined;
}

/** Evaluations come newest first. */
function newestOfEach(evaluations: readonly EvaluationSummary[]): readonly EvaluationSummary[] {
  return [...new Map(evaluations.toReversed().map((each) => [`${each.dataset} ${each.recipe.name}`, each])).values()];
}

function toFigure({ dataset, recipe, mean }: EvaluationSummary): ModelCard["figures"][number] {
  const sigma = /^gaussian-(\d+(?:\.\d+)?)$/.exec(recipe.noise)?.[1];
  const { psnrDb, ssim } = mean.denoised;
  const set = recipe.part === undefined ? dataset : `${dataset}, test part`;
  return { set, sigma255: sigma === undefined ? null : Number(sigma), psnrDb, ssim };
}

import { describeNoise } from "#shared/image/noise.ts";
import type { SearchConfig, TrainConfig, EvaluationConfig } from "#shared/runs/config.ts";

import type { StudyEnvironment } from "./checklist.ts";
import type { StudyCell, StudyPlan } from "./study.ts";

/** Writes how a study was made, in sentences for a section on methods, from its first cell that searches; the arms say what differs. */
export function writeMethods(plan: StudyPlan, { machines, engines, datasets }: StudyEnvironment): readonly string[] {
  const cell = plan.cells.find(({ search }) => search !== null);
  if (cell === undefined) return [];
  const { search, training, evaluation }: StudyCell = cell;
  return [
    ...(search === null ? [] : [ofSearch(search)]),
    ...(training === null ? [] : [ofTraining(training)]),
    ...(evaluation === null ? [] : [ofTest(evaluation)]),
    ofSeeds(plan),
    ...(datasets.length === 0 ? [] : [`Photos: ${datasets.join("; ")}.`]),
    ...(machines.length === 0 ? [] : [`Computed on ${machines.join("; ")}, by ${engines.join("; ")}.`]),
  ];
}

function ofSearch({ search, space, noise, data }: SearchConfig): string {
  const how =
    search.strategy.kind === "gradient"
      ? `by gradient (DARTS), ${search.order} order, for ${search.epochs} epochs, the first ${search.warmupEpochs} of them without steps of alpha and beta`
      : `by ${search.strategy.kind.replaceAll("_", " ")}, scored by ${search.estimator.kind.replaceAll("_", " ")}`;
  return (
    `An architecture was searched in the space "${space.kind}" ${how}, with batches of ${search.batchSize} patches of ` +
    `${search.patchSize} pixels of ${data.dataset} under noise ${describeNoise(noise)}. The photos were split into a half for ` +
    "weights, a half for the architecture and a part for validation, by photo. Of the result the strongest edges were kept."
  );
}

function ofTraining({ training, network, noise, data }: TrainConfig): string {
  const { steps, batchSize, patchSize, stages, optimiser, schedule, pixelLoss, ssimWeight } = training;
  const patches =
    stages.length === 0
      ? `batches of ${batchSize} patches of ${patchSize} pixels`
      : stages
          .map(
            (stage) =>
              `${Math.round(stage.share * 100)} % of them with batches of ${stage.batchSize} patches of ${stage.patchSize} pixels`,
          )
          .join(" and ");
  const loss = `${pixelLoss.replaceAll("_", " ")}${ssimWeight === 0 ? "" : ` and ${ssimWeight} times log10(1/SSIM)`}`;
  return (
    `The network with ${network.filters} filters was trained from scratch on ${data.dataset} under noise ${describeNoise(noise)} ` +
    `for ${steps} steps, ${patches}, by ${optimiser.kind} with the schedule "${schedule.kind}" and the loss ${loss}. ` +
    "The checkpoint that was best on the photos kept for validation was taken."
  );
}

function ofTest({ data, noise, protocol, noiseSeeds }: EvaluationConfig): string {
  const way =
    protocol === "whole_image" ? "whole pictures with one draw of noise each" : "tiles with noise of their own";
  const seeds = noiseSeeds === 1 ? "" : `, means over ${noiseSeeds} seeds`;
  return `It was tested on ${data.dataset} under noise ${describeNoise(noise)}: ${way}, outputs clipped to 0..1${seeds}. PSNR is of the float values, for a range of 1.`;
}

function ofSeeds({ seeds, arms }: StudyPlan): string {
  const many = seeds.length === 1 ? `The seed is ${seeds.join()}` : `The seeds are ${seeds.join(", ")}`;
  return `${many}${arms.length === 1 ? "" : `, the same for all ${arms.length} arms`}; each decides weights, patches and noise.`;
}

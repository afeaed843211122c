import type { Augmentation } from "#shared/image/augmentation.ts";
import { findNoiseContradictions, isMappable, isSynthetic, type Noise } from "#shared/image/noise.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import type { Frame } from "#shared/space/graph/frame.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { SettingsKind, SettingsOf } from "./settings.ts";

/** Two settings that are fine alone and make no sense together. `path` is the one to change. */
export interface Contradiction {
  readonly path: readonly string[];
  readonly what: string;
}

/** Finds the settings that contradict each other; none in sound settings. */
export function findContradictions(settings: SettingsOf[SettingsKind]): readonly Contradiction[] {
  if ("evaluation" in settings) return findNoiseContradictions(settings.evaluation.noise, ["evaluation", "noise"]);
  return [
    ...findNoiseContradictions(settings.noise, ["noise"]),
    ...findRescale(settings.augmentation),
    ...("search" in settings
      ? [
          ...findSearch(settings),
          ...findFrame("space", settings.space, [ownPatches("search", settings.search)], settings.noise),
        ]
      : [
          ...findTraining(settings.training),
          ...findFrame("network", settings.network, trainingPatches(settings.training), settings.noise),
        ]),
  ];
}

function findRescale(augmentation: Augmentation): readonly Contradiction[] {
  const { rescaleFrom, rescaleTo } = augmentation;
  return orderedPair(["augmentation"], "rescaleFrom", rescaleFrom, "rescaleTo", rescaleTo);
}

/** A patch size among the settings; `name` is how a file would call it. */
interface PatchSetting {
  readonly path: readonly string[];
  readonly name: string;
  readonly patchSize: number;
}

function ownPatches(loop: "search" | "training", { patchSize }: { readonly patchSize: number }): PatchSetting {
  return { path: [loop, "patchSize"], name: `${loop}.patchSize`, patchSize };
}

/** Where a training has stages, its own patch size means nothing. */
function trainingPatches(training: SettingsOf["train"]["training"]): readonly PatchSetting[] {
  if (training.stages.length === 0) return [ownPatches("training", training)];
  return training.stages.map(({ patchSize }, index) => ({
    path: ["training", "stages", String(index), "patchSize"],
    name: `training.stages[${index}].patchSize`,
    patchSize,
  }));
}

/** What comes into a network must fit its batches and its noise. */
function findFrame(
  group: "space" | "network",
  { unshuffle, noiseMap }: Frame,
  sizes: readonly PatchSetting[],
  noise: Noise,
): readonly Contradiction[] {
  const patches = sizes
    .filter(({ patchSize }) => patchSize % unshuffle !== 0)
    .map(({ path, name, patchSize }) => ({
      path,
      what: `${name} must be a multiple of ${group}.unshuffle (${unshuffle}), got ${patchSize}`,
    }));
  const map =
    noiseMap && !isMappable(noise)
      ? [
          {
            path: [group, "noiseMap"],
            what: `${group}.noiseMap needs noise whose strength is known, got noise.kind ${noise.kind}: ${isSynthetic(noise) ? "one sigma per pixel does not say what it is like" : "nobody knows that of camera pairs"}`,
          },
        ]
      : [];
  return [...patches, ...map];
}

function findSearch({ space, search }: SettingsOf["search"]): readonly Contradiction[] {
  const { epochs, warmupEpochs, validateFromEpoch, weights } = search;
  const path = ["search", "warmupEpochs"];
  const warmup =
    warmupEpochs < epochs
      ? []
      : [{ path, what: `search.warmupEpochs must be less than search.epochs (${epochs}), got ${warmupEpochs}` }];
  return [
    ...warmup,
    ...findOrder(search),
    ...findBlock(space, search),
    ...orderedPair(["search"], "validateFromEpoch", validateFromEpoch, "epochs", epochs),
    ...orderedPair(
      ["search", "weights"],
      "minLearningRate",
      weights.minLearningRate,
      "learningRate",
      weights.learningRate,
    ),
  ];
}

/** The unrolled step is a step of SGD: another optimiser's is no plain multiple of the gradient. */
function findOrder({ order, weights }: SettingsOf["search"]["search"]): readonly Contradiction[] {
  if (order === "first" || weights.optimiser === "sgd") return [];
  const what = `search.order second needs search.weights.optimiser sgd, got ${weights.optimiser}`;
  return [{ path: ["search", "order"], what }];
}

/** Patches must be whole pixels of a U's smallest scale; what half resolution alone would cut through is told elsewhere. */
function findBlock(space: SearchSpace, { patchSize }: { readonly patchSize: number }): readonly Contradiction[] {
  const block = outerSpaceOf(space).blockPx(space);
  if (patchSize % space.unshuffle !== 0 || patchSize % block === 0) return [];
  const what = `search.patchSize must be a multiple of ${block} for a U of ${space.layers} layers, got ${patchSize}`;
  return [{ path: ["search", "patchSize"], what }];
}

function findTraining({ optimiser, schedule }: SettingsOf["train"]["training"]): readonly Contradiction[] {
  if (schedule.kind !== "cosine" || schedule.minLearningRate <= optimiser.learningRate) return [];
  const { learningRate } = optimiser;
  const what = `training.schedule.minLearningRate must be at most training.optimiser.learningRate (${learningRate}), got ${schedule.minLearningRate}`;
  return [{ path: ["training", "schedule", "minLearningRate"], what }];
}

function orderedPair(
  path: readonly string[],
  low: string,
  lowValue: number,
  high: string,
  highValue: number,
): readonly Contradiction[] {
  if (lowValue <= highValue) return [];
  const name = (key: string) => [...path, key].join(".");
  const what = `${name(low)} must be at most ${name(high)} (${highValue}), got ${lowValue}`;
  return [{ path: [...path, low], what }];
}

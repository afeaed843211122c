import type { Augmentation } from "#shared/image/augmentation.ts";
import { findNoiseContradictions, isMappable, isSynthetic, type Noise } from "#shared/image/noise.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import type { Frame } from "#shared/space/graph/frame.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { type Contradiction, orderedPair } from "./contradiction.ts";
import { findEstimator } from "./estimatorContradictions.ts";
import { CANDIDATE_ESTIMATORS } from "./estimatorSchema.ts";
import type { SettingsKind, SettingsOf } from "./settings.ts";
import { type CandidateSettings, isCandidateSettings } from "./strategySchema.ts";
import { findTestPart } from "./testPartSchema.ts";

/** Finds the settings that contradict each other; none in sound settings. */
export function findContradictions(settings: SettingsOf[SettingsKind]): readonly Contradiction[] {
  if ("evaluation" in settings) return findNoiseContradictions(settings.evaluation.noise, ["evaluation", "noise"]);
  return [
    ...findNoiseContradictions(settings.noise, ["noise"]),
    ...findRescale(settings.augmentation),
    ...findTestPart(settings.data.test),
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
    ...findStabilisers(space, search),
    ...findChoice(search),
    ...findStrategy(space, search),
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

/** Stabilisers that another setting leaves without anything to work on. */
function findStabilisers(
  { primitives, partialChannels }: SearchSpace,
  { stabilisers }: SettingsOf["search"]["search"],
): readonly Contradiction[] {
  const { auxiliarySkip, betaDecay, choice, dropTo, opWeights, perturbation, skipDropout } = stabilisers;
  const found: Contradiction[] = [];
  const say = (setting: string[], what: string): void => {
    const path = ["search", "stabilisers", ...setting];
    found.push({ path, what: `${path.join(".")} ${what}` });
  };
  if (auxiliarySkip.kind !== "none" && !primitives.includes("skip_connect")) {
    say(
      ["auxiliarySkip", "kind"],
      `${auxiliarySkip.kind} needs skip_connect in space.primitives, got ${primitives.join(", ")}`,
    );
  }
  if (skipDropout.length > 0 && !primitives.includes("skip_connect")) {
    say(["skipDropout"], `needs skip_connect in space.primitives, got ${primitives.join(", ")}`);
  }
  if (skipDropout.length > 0 && skipDropout.length !== dropTo.length + 1) {
    const stages = dropTo.length + 1;
    say(
      ["skipDropout"],
      `must have a rate for each stage (one more than search.stabilisers.dropTo: ${stages}), got ${skipDropout.length}`,
    );
  }
  if (partialChannels > 1 && opWeights.kind !== "softmax") {
    say(["opWeights", "kind"], `must be softmax where space.partialChannels is above 1, got ${opWeights.kind}`);
  }
  if (partialChannels > 1 && choice.kind === "perturbation") {
    say(["choice", "kind"], `perturbation needs space.partialChannels 1, got ${partialChannels}`);
  }
  const [first] = dropTo;
  if (first !== undefined && first >= primitives.length) {
    say(["dropTo"], `must begin below the number of space.primitives (${primitives.length}), got ${first}`);
  }
  if (betaDecay !== null && opWeights.kind !== "softmax") {
    say(["betaDecay"], `needs search.stabilisers.opWeights.kind softmax, got ${opWeights.kind}`);
  }
  if (perturbation.kind !== "none" && opWeights.kind !== "softmax") {
    say(
      ["perturbation", "kind"],
      `${perturbation.kind} needs search.stabilisers.opWeights.kind softmax, got ${opWeights.kind}`,
    );
  }
  return found;
}

/** A choice by perturbation comes when all epochs are over, so nothing may end the search before. */
function findChoice({ stabilisers, stopping }: SettingsOf["search"]["search"]): readonly Contradiction[] {
  if (stabilisers.choice.kind === "alpha" || stopping.kind === "none") return [];
  const path = ["search", "stabilisers", "choice", "kind"];
  return [{ path, what: `${path.join(".")} perturbation needs search.stopping.kind none, got ${stopping.kind}` }];
}

/** A strategy takes the estimators that score what it chooses, the spaces in which it can choose, and a budget that it can use. */
function findStrategy(space: SearchSpace, search: SettingsOf["search"]["search"]): readonly Contradiction[] {
  const { strategy, estimator, candidates } = search;
  const isShared = estimator.kind === "shared_weights";
  const estimatorPath = ["search", "estimator", "kind"];
  const demand = `search.strategy.kind ${strategy.kind} needs search.estimator.kind`;
  const choice = findCandidates(search);
  if (!isCandidateSettings(strategy)) {
    const what = `${demand} shared_weights, got ${estimator.kind}`;
    return [...choice, ...(isShared ? [] : [{ path: estimatorPath, what }])];
  }
  const others = `${CANDIDATE_ESTIMATORS.slice(0, -1).join(", ")} or ${CANDIDATE_ESTIMATORS.slice(-1).join("")}`;
  const what = `search.strategy.kind ${strategy.kind} chooses the cell of each layer by itself: it needs space.alphaSharing per_layer, got tied`;
  return [
    ...(isShared ? [{ path: estimatorPath, what: `${demand} ${others}, got shared_weights` }] : []),
    ...choice,
    ...(space.alphaSharing === "tied" && candidates.kind === "cells"
      ? [{ path: ["space", "alphaSharing"], what }]
      : []),
    ...findBudget(strategy),
    ...findEstimator(space, strategy, search),
  ];
}

/** A gradient needs a supernet, and a controller choices that stand by themselves. */
function findCandidates({ strategy, candidates }: SettingsOf["search"]["search"]): readonly Contradiction[] {
  const path = ["search", "candidates", "kind"];
  const say = (reason: string, wanted: string): readonly Contradiction[] => [
    {
      path,
      what: `search.strategy.kind ${strategy.kind} ${reason}: it needs search.candidates.kind ${wanted}, got ${candidates.kind}`,
    },
  ];
  if (strategy.kind === "gradient" && candidates.kind !== "cells") return say("trains a supernet of cells", "cells");
  if (strategy.kind === "reinforce" && candidates.kind === "motifs") {
    return say("learns choices that are made one by one", "cells or chain");
  }
  return [];
}

/** Random architectures that a strategy begins with must not use up its budget. */
function findBudget(strategy: CandidateSettings): readonly Contradiction[] {
  const path = ["search", "strategy"];
  const { candidates } = strategy;
  if (strategy.kind === "evolution")
    return orderedPair(path, "population", strategy.population, "candidates", candidates);
  if (strategy.kind === "tournament") return orderedPair(path, "initial", strategy.initial, "candidates", candidates);
  if (strategy.kind === "bayesian") return orderedPair(path, "initial", strategy.initial, "candidates", candidates);
  return [];
}

/** Patches must be whole pixels of a U's smallest scale; what half resolution alone would cut through is told elsewhere. */
function findBlock(
  space: SearchSpace,
  { patchSize, candidates }: Pick<SettingsOf["search"]["search"], "patchSize" | "candidates">,
): readonly Contradiction[] {
  if (candidates.kind !== "cells") return [];
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

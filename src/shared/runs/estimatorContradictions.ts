import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { SearchConfig } from "./config.ts";
import type { Contradiction } from "./contradiction.ts";
import {
  countTrainedSteps,
  type Halving,
  isHalving,
  type LearningCurve,
  type ShortTraining,
} from "./estimatorSchema.ts";
import type { CandidateSettings } from "./strategySchema.ts";

/** Finds what an estimator cannot do with the other settings. */
export function findEstimator(
  space: Pick<SearchSpace, "filters">,
  strategy: CandidateSettings,
  { estimator, candidates }: Pick<SearchConfig["search"], "estimator" | "candidates">,
): readonly Contradiction[] {
  if (isHalving(estimator)) return findHalving(estimator, space, strategy);
  if (estimator.kind === "learning_curve") return findCurve(estimator);
  if (estimator.kind === "short_training") return findWarmStart(estimator, strategy);
  return estimator.kind === "supernet" ? findSupernet(candidates) : [];
}

/** Each point of a curve needs a step of its own. */
function findCurve(estimator: LearningCurve): readonly Contradiction[] {
  const trained = countTrainedSteps(estimator);
  if (estimator.validations <= trained) return [];
  const what = `search.estimator.validations must be at most the steps that are trained (${trained}), got ${estimator.validations}`;
  return [{ path: ["search", "estimator", "validations"], what }];
}

/** Only a strategy that changes architectures has parents. */
function findWarmStart({ warmStart }: ShortTraining, { kind }: CandidateSettings): readonly Contradiction[] {
  if (warmStart === "none" || (kind !== "random" && kind !== "reinforce")) return [];
  const what = `search.estimator.warmStart parent needs a strategy that changes architectures (evolution, tournament, local_search, bayesian), got search.strategy.kind ${kind}`;
  return [{ path: ["search", "estimator", "warmStart"], what }];
}

/** Only cells have a supernet. */
function findSupernet({ kind }: SearchConfig["search"]["candidates"]): readonly Contradiction[] {
  if (kind === "cells") return [];
  const what = `search.estimator.kind supernet has a path for each cell: it needs search.candidates.kind cells, got ${kind}`;
  return [{ path: ["search", "estimator", "kind"], what }];
}

/** Each rung must differ from the one below, and some of a bracket must come to the highest. */
function findHalving(
  estimator: Halving,
  { filters }: Pick<SearchSpace, "filters">,
  { candidates }: CandidateSettings,
): readonly Contradiction[] {
  const { fidelities, factor, rungs, steps, maxPhotos } = estimator;
  const least = factor ** (rungs - 1);
  const path = ["search", "estimator"];
  const demand = `must be at least ${least} for search.estimator.rungs ${rungs} and search.estimator.factor ${factor}`;
  const found: Contradiction[] = [];
  const say = (setting: string, where: string[], value: number): void => {
    if (value < least) found.push({ path: where, what: `${setting} ${demand}, got ${value}` });
  };
  if (fidelities.includes("steps")) say("search.estimator.steps", [...path, "steps"], steps);
  if (fidelities.includes("photos") && maxPhotos !== null) {
    say("search.estimator.maxPhotos", [...path, "maxPhotos"], maxPhotos);
  }
  if (fidelities.includes("filters")) {
    if (estimator.filters === null) say("space.filters", ["space", "filters"], filters);
    else say("search.estimator.filters", [...path, "filters"], estimator.filters);
  }
  if (estimator.kind === "asynchronous_halving") {
    say("search.strategy.candidates", ["search", "strategy", "candidates"], candidates);
    return found;
  }
  const { bracket } = estimator;
  say("search.estimator.bracket", [...path, "bracket"], bracket);
  if (bracket > candidates) {
    const what = `search.estimator.bracket must be at most search.strategy.candidates (${candidates}), got ${bracket}`;
    found.push({ path: [...path, "bracket"], what });
  }
  return found;
}

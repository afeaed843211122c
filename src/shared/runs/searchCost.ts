import { createRandom } from "#shared/random/createRandom.ts";
import type { Cost } from "#shared/space/graph/costModel.ts";
import { trainingMemoryMb } from "#shared/space/graph/memoryModel.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { candidateCost, planCandidate } from "./candidateNetwork.ts";
import { openCandidateSpace } from "./candidatesSchema.ts";
import type { SearchConfig } from "./config.ts";
import { countTrainedSteps, isHalving, isTraining } from "./estimatorSchema.ts";
import { countHalvingSteps } from "./halving.ts";
import { type CandidateSettings, isCandidateSettings } from "./strategySchema.ts";

/** Random candidates whose costs are averaged. */
const SAMPLES = 16;
/** A backward pass costs about two forward passes. */
const PASSES = 3;

/** What a search's network costs, and what one of its steps does. */
export interface SearchCost extends Cost {
  /** Multiply-adds of all passes over a batch. */
  readonly multiplyAddsPerStep: number;
  readonly memoryMb: number;
}

/** Counts what a search works on: its supernet, or, where it trains candidates, random ones on average (and the largest one's memory). */
export function searchCost(config: SearchConfig): SearchCost {
  const { space, search } = config;
  const pixels = search.batchSize * search.patchSize ** 2;
  const outer = outerSpaceOf(space);
  const { strategy, estimator } = search;
  if (isCandidateSettings(strategy)) {
    const mean = meanCandidateCost(config, pixels);
    if (estimator.kind !== "supernet") return mean;
    // Its steps are the supernet's, but for one for each candidate, which only validates.
    const share = estimator.supernetSteps / candidateSteps(strategy, search);
    const multiplyAddsPerStep = share * outer.cost(space).multiplyAddsPerPixel * pixels * PASSES;
    return { ...mean, multiplyAddsPerStep, memoryMb: outer.memoryMb(space, search.recompute, pixels) };
  }
  const cost = outer.cost(space);
  // A weight step and an arch step, each on its own batch; recomputing adds a forward pass to each.
  const passes = 2 * (search.recompute ? PASSES + 1 : PASSES);
  const multiplyAddsPerStep = cost.multiplyAddsPerPixel * pixels * passes;
  return { ...cost, multiplyAddsPerStep, memoryMb: outer.memoryMb(space, search.recompute, pixels) };
}

function meanCandidateCost(config: SearchConfig, pixels: number): SearchCost {
  const space = openCandidateSpace(config.space, config.search.candidates);
  const random = createRandom(0, "cost of candidates");
  const genotypes = Array.from({ length: SAMPLES }, () => space.sample(random));
  const costs = genotypes.map((genotype) => candidateCost(config, genotype));
  const meanOf = (pick: (cost: Cost) => number): number => costs.reduce((sum, cost) => sum + pick(cost), 0) / SAMPLES;
  const memories = genotypes.map((genotype) =>
    trainingMemoryMb(buildNetworkGraph(planCandidate(config, genotype)), pixels),
  );
  const multiplyAddsPerPixel = meanOf((cost) => cost.multiplyAddsPerPixel);
  const trains = isTraining(config.search.estimator);
  return {
    parameters: Math.round(meanOf(({ parameters }) => parameters)),
    multiplyAddsPerPixel,
    multiplyAddsPerStep: trains ? multiplyAddsPerPixel * pixels * PASSES : 0,
    memoryMb: trains ? Math.max(...memories) : 0,
  };
}

/** Counts the steps of a search that asks for candidates. */
export function candidateSteps(strategy: CandidateSettings, { estimator }: SearchConfig["search"]): number {
  if (isHalving(estimator)) return countHalvingSteps(estimator, strategy.candidates);
  if (estimator.kind === "learning_curve") return strategy.candidates * countTrainedSteps(estimator);
  const before = estimator.kind === "supernet" ? estimator.supernetSteps : 0;
  return before + strategy.candidates * (isTraining(estimator) ? estimator.steps : 1);
}

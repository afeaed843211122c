import type { SearchConfig } from "#shared/runs/config.ts";
import type { Prices } from "#shared/space/graph/prices.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { runLoop } from "#main/compute/job/runLoop.ts";
import type { LongJob } from "#main/compute/job/runLoop.ts";
import type { JobOutcome, SearchRequest } from "#main/compute/protocol.ts";

import { openCandidateSearch } from "./candidates/candidateSearch.ts";
import { openLatencyPrices } from "./cost/latencyFile.ts";
import { openGradientSearch } from "./strategies/gradient.ts";

type StrategyKind = SearchConfig["search"]["strategy"]["kind"];

/** Opens a search; `latency` are the prices of one whose cost is measured latency. */
type OpenSearch = (context: JobContext, request: SearchRequest, latency: Prices | null) => LongJob;

/** Opens a search by each strategy; the loop runs it and disposes it. */
const STRATEGIES: Readonly<Record<StrategyKind, OpenSearch>> = {
  gradient: openGradientSearch,
  random: openCandidateSearch,
  evolution: openCandidateSearch,
  tournament: openCandidateSearch,
  local_search: openCandidateSearch,
  reinforce: openCandidateSearch,
  bayesian: openCandidateSearch,
};

/**
 * Searches by the strategy that the settings name. Everything random follows from the seed and the step, so a continuation
 * gives the same numbers as an unbroken run.
 */
export async function runSearch(context: JobContext, request: SearchRequest): Promise<JobOutcome> {
  const latency = await openLatencyPrices(context, request);
  return await runLoop(context, openSearch(context, request, latency), request.resume);
}

/** Opens a search by the strategy that the settings name; the loop runs it and disposes it. */
export function openSearch(context: JobContext, request: SearchRequest, latency: Prices | null): LongJob {
  return STRATEGIES[request.config.search.strategy.kind](context, request, latency);
}

import type { SearchConfig } from "#shared/runs/config.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { runLoop } from "#main/compute/job/runLoop.ts";
import type { LongJob } from "#main/compute/job/runLoop.ts";
import type { JobOutcome, SearchRequest } from "#main/compute/protocol.ts";

import { openGradientSearch } from "./strategies/gradient.ts";

type StrategyKind = SearchConfig["search"]["strategy"]["kind"];

/** Opens a search by each strategy; the loop runs it and disposes it. */
const STRATEGIES: Readonly<Record<StrategyKind, (context: JobContext, request: SearchRequest) => LongJob>> = {
  gradient: openGradientSearch,
};

/**
 * Searches by the strategy that the settings name. Everything random follows from the seed and the step, so a continuation
 * gives the same numbers as an unbroken run.
 */
export async function runSearch(context: JobContext, request: SearchRequest): Promise<JobOutcome> {
  const open = STRATEGIES[request.config.search.strategy.kind];
  return await runLoop(context, open(context, request), request.resume);
}

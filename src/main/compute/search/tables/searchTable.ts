import type { CandidateSettings } from "#shared/runs/strategySchema.ts";

import type { Scored } from "#main/compute/search/strategies/askTell.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";

import type { TableBenchmark } from "./tableBenchmark.ts";

/** Searches a table by a strategy, one candidate after the other, and lists what it asked for in order; fewer where the space ends. */
export function searchTable<A>(
  table: TableBenchmark<A>,
  settings: CandidateSettings,
  seed: number,
): readonly Scored<A>[] {
  const strategy = openStrategy({ space: table.space, seed, saved: null }, settings);
  const found: Scored<A>[] = [];
  while (found.length < settings.candidates) {
    const [architecture] = strategy.ask(1);
    if (architecture === undefined) break;
    const result = { architecture, score: table.scoreOf(architecture) };
    strategy.tell([result]);
    found.push(result);
  }
  return found;
}

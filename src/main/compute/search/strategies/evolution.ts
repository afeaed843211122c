import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import type { EvolutionSettings, TournamentSettings } from "#shared/runs/strategySchema.ts";

import { bestOf, type Scored, type SearchSoFar } from "./askTell.ts";

/**
 * Regularised evolution (Real and others 2019): the newest architectures are alive; the best of a sample of them is changed.
 * Until there is a population, architectures are random.
 */
export function evolve<A>(soFar: SearchSoFar<A>, { population, sample }: EvolutionSettings, random: Random): A | null {
  const alive = soFar.told.slice(-population);
  if (soFar.asked < population || alive.length === 0) return soFar.sampleNew(random);
  return soFar.mutateNew(bestOf(drawSome(alive, sample, random)).architecture, random);
}

/** Evolution by tournaments in which none dies (hierarchical representations, 2018): the best of a small sample of all is changed. */
export function holdTournament<A>(
  soFar: SearchSoFar<A>,
  { initial, share }: TournamentSettings,
  random: Random,
): A | null {
  const { asked, told } = soFar;
  if (asked < initial || told.length === 0) return soFar.sampleNew(random);
  const size = Math.max(2, Math.round(share * told.length));
  return soFar.mutateNew(bestOf(drawSome(told, size, random)).architecture, random);
}

/** Draws with repetition. */
function drawSome<A>(from: readonly Scored<A>[], count: number, random: Random): Scored<A>[] {
  return Array.from({ length: count }, () => at(from, random.integer(from.length), "population"));
}

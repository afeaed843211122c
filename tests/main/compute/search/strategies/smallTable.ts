import { createProductSpace } from "#shared/space/candidates/productSpace.ts";
import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { type CandidateSettings } from "#shared/runs/strategySchema.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";

/** An architecture of the synthetic table: the option of each choice. */
export type Choices = readonly number[];

/** Six choices of four options. */
export const COUNTS: readonly number[] = [4, 4, 4, 4, 4, 4];

/** The space of the synthetic table: 4,096 architectures. */
export function smallSpace(): CandidateSpace<Choices> {
  return createProductSpace<Choices>({
    decisions: { counts: COUNTS, build: (choices) => [...choices], read: (choices) => choices },
    size: 4 ** 6,
    encode: (choices) => choices.map((option, index) => `${index}:${option}`),
    parse: (value) => value as Choices,
  });
}

/**
 * A synthetic score that is mostly the sum of what each option gives, with pairs that go together and noise of its own for
 * each architecture: as rough as tables of trained networks are.
 */
export function createScores(seed: number): (choices: Choices) => number {
  const alone = COUNTS.map((count, index) => {
    const random = createRandom(seed, "alone", index);
    return Array.from({ length: count }, () => random.gaussian());
  });
  return (choices) => {
    const own = choices.reduce((sum, option, index) => sum + alone[index]![option]!, 0);
    const pairs = choices.slice(1).map((option, index) => {
      return 0.5 * createRandom(seed, "pair", index, choices[index]!, option).gaussian();
    });
    return (
      own + pairs.reduce((sum, value) => sum + value, 0) + 0.3 * createRandom(seed, "noise", ...choices).gaussian()
    );
  };
}

/** Searches by a strategy, one candidate after the other, and lists the scores in their order. */
export function searchSmall(
  settings: CandidateSettings,
  seed: number,
  asks: number,
  score = createScores(0),
): number[] {
  const strategy = openStrategy({ space: smallSpace(), seed, saved: null }, settings);
  return Array.from({ length: asks }, () => {
    const [architecture] = strategy.ask(1);
    if (architecture === undefined) throw new Error("searchSmall: the space is used up");
    const result = { architecture, score: score(architecture) };
    strategy.tell([result]);
    return result.score;
  });
}

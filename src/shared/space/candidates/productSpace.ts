import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

import type { CandidateSpace, Decisions } from "./candidateSpace.ts";

/** What makes a list of choices a space: the rest follows. */
interface ProductSpaceParts<A> {
  readonly decisions: Decisions<A>;
  readonly size: number;
  /** Draws the options of one architecture; without, each is drawn by itself until they go together. */
  readonly sampleChoices?: (random: Random) => readonly number[];
  readonly encode: (architecture: A) => readonly string[];
  readonly parse: (value: unknown, source: string) => A;
}

/** Draws that give up: none of a space's samples is so rare. */
const MOST_TRIES = 100_000;

/** Makes a space of what is chosen one by one; a change is another option of one choice. */
export function createProductSpace<A>(parts: ProductSpaceParts<A>): CandidateSpace<A> {
  const { decisions, size, encode, parse } = parts;
  const { counts, build, read } = decisions;
  const sampleChoices = parts.sampleChoices ?? ((random) => counts.map((count) => random.integer(count)));
  const open = counts.flatMap((count, index) => (count > 1 ? [index] : []));
  return {
    size,
    decisions,
    encode,
    parse,
    key: (architecture) => read(architecture).join("."),
    sample: (random) => untilBuilt(build, () => sampleChoices(random)),
    mutate: (architecture, random) => {
      // Nothing can change where there is nothing to choose.
      if (open.length === 0) return architecture;
      const choices = read(architecture);
      return untilBuilt(build, () => {
        const index = at(open, random.integer(open.length), "choices");
        const step = 1 + random.integer(at(counts, index, "counts") - 1);
        return withOption(choices, index, (at(choices, index, "choices") + step) % at(counts, index, "counts"));
      });
    },
    neighbours: (architecture) => {
      const choices = read(architecture);
      return open.flatMap((index) => {
        const options = Array.from({ length: at(counts, index, "counts") }, (_, option) => option);
        const others = options.filter((option) => option !== choices[index]);
        // In lists, or an architecture that is one itself would be taken apart.
        return others.flatMap((option) => listBuilt(build(withOption(choices, index, option))));
      });
    },
  };
}

function withOption(choices: readonly number[], index: number, option: number): readonly number[] {
  return choices.map((before, each) => (each === index ? option : before));
}

function listBuilt<A>(built: A | null): readonly A[] {
  return built === null ? [] : [built];
}

function untilBuilt<A>(build: Decisions<A>["build"], draw: () => readonly number[]): A {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const built = build(draw());
    if (built !== null) return built;
  }
  throw new Error(`candidates: none of ${MOST_TRIES} draws was an architecture`);
}

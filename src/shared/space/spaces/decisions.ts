import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

/** One thing that an architecture decides: its place, and what there is to choose from, both by name. */
export interface Decision {
  readonly name: string;
  readonly choices: readonly string[];
}

/** What was decided: for each decision the index of its choice. */
export type Choices = readonly number[];

/** Counts the ways to decide. */
export function countChoices(decisions: readonly Decision[]): bigint {
  return decisions.reduce((product, { choices }) => product * BigInt(choices.length), 1n);
}

/** Goes through all ways to decide; the last decision changes fastest. */
export function* enumerateChoices(decisions: readonly Decision[]): Generator<Choices> {
  const [first, ...others] = decisions;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const choice of first.choices.keys()) {
    for (const rest of enumerateChoices(others)) yield [choice, ...rest];
  }
}

/** Decides at random, each choice as likely as the others of its decision. */
export function sampleChoices(decisions: readonly Decision[], random: Random): Choices {
  return decisions.map(({ choices }) => random.integer(choices.length));
}

/** Decides one thing otherwise, at random; where there is nothing to choose, everything stays. */
export function mutateChoices(decisions: readonly Decision[], choices: Choices, random: Random): Choices {
  const open = [...decisions.keys()].filter((index) => at(decisions, index, "decisions").choices.length > 1);
  if (open.length === 0) return choices;
  const changed = at(open, random.integer(open.length), "decisions");
  const moved = 1 + random.integer(at(decisions, changed, "decisions").choices.length - 1);
  return choices.map((choice, index) =>
    index === changed ? (choice + moved) % at(decisions, index, "decisions").choices.length : choice,
  );
}

/** Lists all ways to decide one thing otherwise, decision by decision. */
export function neighbourChoices(decisions: readonly Decision[], choices: Choices): Choices[] {
  return decisions.flatMap((decision, changed) =>
    [...decision.choices.keys()]
      .filter((option) => option !== at(choices, changed, "choices"))
      .map((option) => choices.map((choice, index) => (index === changed ? option : choice))),
  );
}

/** Writes choices as numbers: for each decision a 1 at its choice among zeros, one decision after another. */
export function encodeChoices(decisions: readonly Decision[], choices: Choices): number[] {
  return decisions.flatMap((decision, index) =>
    decision.choices.map((_, choice) => (choice === at(choices, index, "choices") ? 1 : 0)),
  );
}

/** Finds a choice by its name. Throws an Error where the decision does not offer it. */
export function choiceOf({ name, choices }: Decision, wanted: string): number {
  const index = choices.indexOf(wanted);
  if (index === -1) throw new Error(`space: ${name} must be one of ${choices.join(", ")}, got ${wanted}`);
  return index;
}

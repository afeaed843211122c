import type { Random } from "#shared/random/random.ts";

/** A space as a list of choices that are made one by one. */
export interface Decisions<A> {
  /** How many options each choice has. */
  readonly counts: readonly number[];
  /** Makes the architecture of the options chosen; null where the space has none such. */
  readonly build: (choices: readonly number[]) => A | null;
  readonly read: (architecture: A) => readonly number[];
}

/** Architectures to choose from, as strategies see them. An architecture `A` is plain data, which JSON can hold. */
export interface CandidateSpace<A> {
  /** How many there are. */
  readonly size: number;
  /** Draws one; every architecture can come. */
  readonly sample: (random: Random) => A;
  /** Makes an architecture that is one change away. */
  readonly mutate: (architecture: A, random: Random) => A;
  /** Lists all that are one change away. */
  readonly neighbours: (architecture: A) => readonly A[];
  /** Names what an architecture has, for predictors: the ways through a cell, for one (path encoding). */
  readonly encode: (architecture: A) => readonly string[];
  /** Names an architecture: equal ones have equal keys. */
  readonly key: (architecture: A) => string;
  /** Reads an architecture from a checkpoint; `source` names it in errors. Throws LabError. */
  readonly parse: (value: unknown, source: string) => A;
  /** Null where architectures are no list of choices. */
  readonly decisions: Decisions<A> | null;
}

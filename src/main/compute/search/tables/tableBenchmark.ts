import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";

/** A table in which every architecture of a space has its score: a search on it costs nothing. */
export interface TableBenchmark<A> {
  readonly name: string;
  readonly space: CandidateSpace<A>;
  /** All scores that a search may see, higher is better, in the table's order. */
  readonly scores: readonly number[];
  /** The score that a search is told. Throws for an architecture that the table lacks: its space has none such. */
  readonly scoreOf: (architecture: A) => number;
}

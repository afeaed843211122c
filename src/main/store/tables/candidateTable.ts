import type { Database } from "better-sqlite3";

import type { Candidate } from "#shared/api/runs.ts";

/** The index of the candidates of runs. */
export interface CandidateTable {
  /** Replaces a run's candidates from the one numbered `from` on, counted from zero, by these. */
  replaceFrom(runId: string, from: number, candidates: readonly Candidate[]): void;
  /** In their order. */
  listOfRun(runId: string): readonly Candidate[];
}

/** Prepares the questions to the table `candidates`. */
export function createCandidateTable(db: Database): CandidateTable {
  const removeFrom = db.prepare<[string, number]>("DELETE FROM candidates WHERE run_id = ? AND number >= ?");
  const insert = db.prepare<[Candidate & { readonly runId: string; readonly number: number }]>(
    `INSERT INTO candidates (run_id, number, step, genotype_hash, score, parameters, multiply_adds_per_pixel, fidelity,
       strategy)
     VALUES (@runId, @number, @step, @genotypeHash, @score, @parameters, @multiplyAddsPerPixel, @fidelity, @strategy)`,
  );
  const listOfRun = db.prepare<[string], Candidate>(
    `SELECT step, genotype_hash AS genotypeHash, score, parameters, multiply_adds_per_pixel AS multiplyAddsPerPixel,
       fidelity, strategy FROM candidates WHERE run_id = ? ORDER BY number`,
  );
  return {
    replaceFrom: db.transaction((runId: string, from: number, candidates: readonly Candidate[]) => {
      removeFrom.run(runId, from);
      for (const [index, candidate] of candidates.entries()) insert.run({ ...candidate, runId, number: from + index });
    }),
    listOfRun: (runId) => listOfRun.all(runId),
  };
}

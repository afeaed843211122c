import type { Database } from "better-sqlite3";

import type { Candidate } from "#shared/api/runs.ts";
import { originSchema } from "#shared/runs/runEvent.ts";

/** The index of the candidates of runs. */
export interface CandidateTable {
  /** Replaces a run's candidates from the one numbered `from` on, counted from zero, by these. */
  replaceFrom(runId: string, from: number, candidates: readonly Candidate[]): void;
  /** In their order. */
  listOfRun(runId: string): readonly Candidate[];
}

/** A candidate as the table holds it: its origin is JSON, and what is not known null. */
type Row = Omit<Candidate, "origin" | "psnrDb" | "memoryBytesPerPixel"> & {
  readonly origin: string | null;
  readonly psnrDb: number | null;
  readonly memoryBytesPerPixel: number | null;
};

/** Prepares the questions to the table `candidates`. */
export function createCandidateTable(db: Database): CandidateTable {
  const removeFrom = db.prepare<[string, number]>("DELETE FROM candidates WHERE run_id = ? AND number >= ?");
  const insert = db.prepare<[Row & { readonly runId: string; readonly number: number }]>(
    `INSERT INTO candidates (run_id, number, step, genotype_hash, score, parameters, multiply_adds_per_pixel, fidelity,
       strategy, origin, psnr_db, memory_bytes_per_pixel)
     VALUES (@runId, @number, @step, @genotypeHash, @score, @parameters, @multiplyAddsPerPixel, @fidelity, @strategy,
       @origin, @psnrDb, @memoryBytesPerPixel)`,
  );
  const listOfRun = db.prepare<[string], Row>(
    `SELECT step, genotype_hash AS genotypeHash, score, parameters, multiply_adds_per_pixel AS multiplyAddsPerPixel,
       fidelity, strategy, origin, psnr_db AS psnrDb, memory_bytes_per_pixel AS memoryBytesPerPixel FROM candidates WHERE run_id = ? ORDER BY number`,
  );
  return {
    replaceFrom: db.transaction((runId: string, from: number, candidates: readonly Candidate[]) => {
      removeFrom.run(runId, from);
      for (const [index, candidate] of candidates.entries())
        insert.run({ ...toRow(candidate), runId, number: from + index });
    }),
    listOfRun: (runId) => listOfRun.all(runId).map(toCandidate),
  };
}

function toRow({ origin, psnrDb, memoryBytesPerPixel, ...candidate }: Candidate): Row {
  return {
    ...candidate,
    psnrDb: psnrDb ?? null,
    memoryBytesPerPixel: memoryBytesPerPixel ?? null,
    origin: origin === undefined ? null : JSON.stringify(origin),
  };
}

function toCandidate({ origin, psnrDb, memoryBytesPerPixel, ...candidate }: Row): Candidate {
  return {
    ...candidate,
    ...(psnrDb === null ? {} : { psnrDb }),
    ...(memoryBytesPerPixel === null ? {} : { memoryBytesPerPixel }),
    ...(origin === null ? {} : { origin: originSchema.parse(JSON.parse(origin)) }),
  };
}

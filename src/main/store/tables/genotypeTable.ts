import type { Database } from "better-sqlite3";

/** A genotype that was derived from an epoch of a search run; `file` is relative to the run folder. */
export interface GenotypeRow {
  readonly runId: string;
  readonly epoch: number;
  readonly hash: string;
  readonly file: string;
  readonly derivedAt: string;
}

/** The index of derived genotypes. */
export interface GenotypeTable {
  put(row: GenotypeRow): void;
  /** By epoch. */
  listOfRun(runId: string): readonly GenotypeRow[];
}

/** Prepares the questions to the table `genotypes`. */
export function createGenotypeTable(db: Database): GenotypeTable {
  const put = db.prepare<[GenotypeRow]>(
    `INSERT INTO genotypes (run_id, epoch, hash, file, derived_at) VALUES (@runId, @epoch, @hash, @file, @derivedAt)
     ON CONFLICT (run_id, epoch) DO UPDATE SET hash = excluded.hash, file = excluded.file,
       derived_at = excluded.derived_at`,
  );
  const listOfRun = db.prepare<[string], GenotypeRow>(
    `SELECT run_id AS runId, epoch, hash, file, derived_at AS derivedAt FROM genotypes WHERE run_id = ? ORDER BY epoch`,
  );
  return { put: (row) => void put.run(row), listOfRun: (runId) => listOfRun.all(runId) };
}

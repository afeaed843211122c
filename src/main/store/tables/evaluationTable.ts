import type { Database } from "better-sqlite3";

/** A test of a run's network; `file` is relative to the run folder, the figures are means over the pictures. */
export interface EvaluationRow {
  readonly id: string;
  readonly runId: string;
  readonly recipe: string;
  readonly dataset: string;
  readonly psnrDb: number;
  readonly ssim: number;
  readonly file: string;
  readonly evaluatedAt: string;
}

/** The index of evaluations. */
export interface EvaluationTable {
  put(row: EvaluationRow): void;
  find(id: string): EvaluationRow | null;
  /** Newest first. */
  list(): readonly EvaluationRow[];
  /** Oldest first. */
  listOfRun(runId: string): readonly EvaluationRow[];
}

/** Prepares the questions to the table `evaluations`. */
export function createEvaluationTable(db: Database): EvaluationTable {
  const put = db.prepare<[EvaluationRow]>(
    `INSERT INTO evaluations (id, run_id, recipe, dataset, psnr_db, ssim, file, evaluated_at)
     VALUES (@id, @runId, @recipe, @dataset, @psnrDb, @ssim, @file, @evaluatedAt) ON CONFLICT (id) DO NOTHING`,
  );
  const select = `SELECT id, run_id AS runId, recipe, dataset, psnr_db AS psnrDb, ssim, file, evaluated_at AS evaluatedAt
     FROM evaluations`;
  const find = db.prepare<[string], EvaluationRow>(`${select} WHERE id = ?`);
  const list = db.prepare<[], EvaluationRow>(`${select} ORDER BY evaluated_at DESC, id DESC`);
  const listOfRun = db.prepare<[string], EvaluationRow>(`${select} WHERE run_id = ? ORDER BY evaluated_at, id`);
  return {
    put: (row) => void put.run(row),
    find: (id) => find.get(id) ?? null,
    list: () => list.all(),
    listOfRun: (runId) => listOfRun.all(runId),
  };
}

import type { Database } from "better-sqlite3";

import type { RunSummary } from "#shared/api/runs.ts";

/** The index of run folders. */
export interface RunTable {
  put(run: RunSummary): void;
  find(id: string): RunSummary | null;
  /** Runs whose id begins with `prefix`, at most two: enough to see that a prefix is not unique. */
  findByPrefix(prefix: string): readonly RunSummary[];
  /** Newest first. */
  list(): readonly RunSummary[];
  /** Ids of the trainings of a genotype, newest first. */
  listTrainingsOf(hash: string): readonly string[];
  remove(id: string): void;
}

type RunRow = Omit<RunSummary, "best"> & {
  readonly bestStep: number | null;
  readonly bestPsnrDb: number | null;
  readonly bestSsim: number | null;
};

const COLUMNS = `id, kind, name, state, reason, error_kind AS errorKind, folder, created_at AS createdAt, dataset,
  dataset_fingerprint AS datasetFingerprint, engine, step, total_steps AS totalSteps,
  seconds_per_step AS secondsPerStep, best_step AS bestStep,
  best_psnr_db AS bestPsnrDb, best_ssim AS bestSsim, coalesce(genotype_hash, (SELECT hash FROM genotypes
  WHERE run_id = runs.id ORDER BY derived_at DESC, epoch DESC LIMIT 1)) AS genotypeHash, study_id AS studyId`;

/** Prepares the questions to the table `runs`. */
export function createRunTable(db: Database): RunTable {
  const put = db.prepare<[RunRow]>(
    `INSERT INTO runs (id, kind, name, state, reason, error_kind, folder, created_at, dataset, dataset_fingerprint, engine, step,
       total_steps, seconds_per_step, best_step, best_psnr_db, best_ssim, genotype_hash, study_id)
     VALUES (@id, @kind, @name, @state, @reason, @errorKind, @folder, @createdAt, @dataset, @datasetFingerprint, @engine, @step,
       @totalSteps, @secondsPerStep, @bestStep, @bestPsnrDb, @bestSsim, @genotypeHash, @studyId)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, reason = excluded.reason,
       error_kind = excluded.error_kind,
       folder = excluded.folder, engine = excluded.engine, step = excluded.step, total_steps = excluded.total_steps,
       seconds_per_step = excluded.seconds_per_step, best_step = excluded.best_step, best_psnr_db = excluded.best_psnr_db, best_ssim = excluded.best_ssim,
       genotype_hash = excluded.genotype_hash, study_id = excluded.study_id`,
  );
  const find = db.prepare<[string], RunRow>(`SELECT ${COLUMNS} FROM runs WHERE id = ?`);
  const findByPrefix = db.prepare<[{ prefix: string }], RunRow>(
    `SELECT ${COLUMNS} FROM runs WHERE substr(id, 1, length(@prefix)) = @prefix ORDER BY id LIMIT 2`,
  );
  const list = db.prepare<[], RunRow>(`SELECT ${COLUMNS} FROM runs ORDER BY created_at DESC, id DESC`);
  const trainings = db.prepare<[string], { id: string }>(
    "SELECT id FROM runs WHERE kind = 'train' AND genotype_hash = ? ORDER BY created_at DESC, id DESC",
  );
  const remove = db.prepare<[string]>("DELETE FROM runs WHERE id = ?");
  return {
    put: (run) => void put.run(toRow(run)),
    find: (id) => {
      const row = find.get(id);
      return row === undefined ? null : fromRow(row);
    },
    findByPrefix: (prefix) => findByPrefix.all({ prefix }).map(fromRow),
    list: () => list.all().map(fromRow),
    listTrainingsOf: (hash) => trainings.all(hash).map(({ id }) => id),
    remove: (id) => void remove.run(id),
  };
}

function toRow({ best, ...run }: RunSummary): RunRow {
  return {
    ...run,
    bestStep: best?.step ?? null,
    bestPsnrDb: best?.psnrDb ?? null,
    bestSsim: best?.ssim ?? null,
  };
}

function fromRow({ bestStep, bestPsnrDb, bestSsim, ...run }: RunRow): RunSummary {
  const hasBest = bestStep !== null && bestPsnrDb !== null && bestSsim !== null;
  return { ...run, best: hasBest ? { step: bestStep, psnrDb: bestPsnrDb, ssim: bestSsim } : null };
}

/** Data sets, runs, and what comes out of runs. Every row can be rebuilt from the files beside the database. */
export const firstTables = `
CREATE TABLE datasets (
  name TEXT PRIMARY KEY,
  folder TEXT NOT NULL,
  noisy_folder TEXT,
  photos INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  stamp TEXT NOT NULL,
  skipped_json TEXT NOT NULL,
  unmatched_clean_json TEXT NOT NULL,
  unmatched_noisy_json TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('search', 'train')),
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  folder TEXT NOT NULL,
  created_at TEXT NOT NULL,
  dataset TEXT NOT NULL,
  dataset_fingerprint TEXT NOT NULL,
  engine TEXT,
  step INTEGER NOT NULL,
  total_steps INTEGER NOT NULL,
  best_step INTEGER,
  best_psnr_db REAL,
  best_ssim REAL,
  genotype_hash TEXT
) STRICT;

CREATE TABLE genotypes (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  hash TEXT NOT NULL,
  file TEXT NOT NULL,
  derived_at TEXT NOT NULL,
  PRIMARY KEY (run_id, epoch)
) STRICT;
CREATE INDEX genotypes_by_hash ON genotypes (hash);

CREATE TABLE evaluations (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  recipe TEXT NOT NULL,
  dataset TEXT NOT NULL,
  psnr_db REAL NOT NULL,
  ssim REAL NOT NULL,
  file TEXT NOT NULL,
  evaluated_at TEXT NOT NULL
) STRICT;
CREATE INDEX evaluations_by_run ON evaluations (run_id);
`;

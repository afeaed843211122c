/**
 * The candidates of a run, numbered in their order, and studies with the runs that belong to them. A run's study stands in
 * its folder, so that a run keeps it where this database was made anew and does not know the study.
 */
export const candidatesAndStudies = `
CREATE TABLE candidates (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  step INTEGER NOT NULL,
  genotype_hash TEXT NOT NULL,
  score REAL NOT NULL,
  parameters INTEGER NOT NULL,
  multiply_adds_per_pixel REAL NOT NULL,
  fidelity REAL NOT NULL,
  strategy TEXT NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN study_id TEXT;
CREATE INDEX runs_by_study ON runs (study_id);
`;

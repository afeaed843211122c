/** The library of architectures with its lineage, noise profiles and preferences. The first two are also kept as cards. */
export const whatAWindowKeeps = `
CREATE TABLE architectures (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  genotype_json TEXT NOT NULL,
  origin_json TEXT NOT NULL,
  parent TEXT,
  added_at TEXT NOT NULL
) STRICT;
CREATE INDEX architectures_by_parent ON architectures (parent);

CREATE TABLE noise_profiles (
  name TEXT PRIMARY KEY,
  noise_json TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE preferences (
  name TEXT PRIMARY KEY,
  value_json TEXT NOT NULL
) STRICT;
`;

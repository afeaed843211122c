import type { Database } from "better-sqlite3";

import type { DatasetCard } from "./datasetCards.ts";

/** The table of registered data sets. */
export interface DatasetTable {
  put(card: DatasetCard): void;
  find(name: string): DatasetCard | null;
  /** By name. */
  list(): readonly DatasetCard[];
}

/** Prepares the questions to the table `datasets`. */
export function createDatasetTable(db: Database): DatasetTable {
  const columns = "name, folder, noisy_folder AS noisyFolder, photos, fingerprint, added_at AS addedAt";
  const put = db.prepare<[DatasetCard]>(
    `INSERT INTO datasets (name, folder, noisy_folder, photos, fingerprint, added_at)
     VALUES (@name, @folder, @noisyFolder, @photos, @fingerprint, @addedAt)
     ON CONFLICT (name) DO UPDATE SET folder = excluded.folder, noisy_folder = excluded.noisy_folder,
       photos = excluded.photos, fingerprint = excluded.fingerprint, added_at = excluded.added_at`,
  );
  const find = db.prepare<[string], DatasetCard>(`SELECT ${columns} FROM datasets WHERE name = ?`);
  const list = db.prepare<[], DatasetCard>(`SELECT ${columns} FROM datasets ORDER BY name`);
  return {
    put: (card) => void put.run(card),
    find: (name) => find.get(name) ?? null,
    list: () => list.all(),
  };
}

import type { Database } from "better-sqlite3";

import { type DatasetCard, datasetCardSchema } from "#main/store/cards/datasetCards.ts";

/** The table of registered data sets. */
export interface DatasetTable {
  put(card: DatasetCard): void;
  /** By its name, else by one that it had before. */
  find(name: string): DatasetCard | null;
  /** By name. */
  list(): readonly DatasetCard[];
  remove(name: string): void;
}

/** Lists and the download are kept as JSON: nobody asks for their parts. */
const LISTS = ["formerNames", "skipped", "unmatchedClean", "unmatchedNoisy", "download"] as const;
type ListName = (typeof LISTS)[number];
type DatasetRow = Omit<DatasetCard, ListName> & Readonly<Record<ListName, string>>;

const COLUMNS = `name, former_names_json AS formerNames, folder, noisy_folder AS noisyFolder, photos, fingerprint, stamp, skipped_json AS skipped,
  unmatched_clean_json AS unmatchedClean, unmatched_noisy_json AS unmatchedNoisy, download_json AS download, added_at AS addedAt`;

/** Prepares the questions to the table `datasets`. */
export function createDatasetTable(db: Database): DatasetTable {
  const put = db.prepare<[DatasetRow]>(
    `INSERT INTO datasets (name, former_names_json, folder, noisy_folder, photos, fingerprint, stamp, skipped_json, unmatched_clean_json,
       unmatched_noisy_json, download_json, added_at)
     VALUES (@name, @formerNames, @folder, @noisyFolder, @photos, @fingerprint, @stamp, @skipped, @unmatchedClean, @unmatchedNoisy,
       @download, @addedAt)
     ON CONFLICT (name) DO UPDATE SET former_names_json = excluded.former_names_json, folder = excluded.folder, noisy_folder = excluded.noisy_folder,
       photos = excluded.photos, fingerprint = excluded.fingerprint, stamp = excluded.stamp,
       skipped_json = excluded.skipped_json, unmatched_clean_json = excluded.unmatched_clean_json,
       unmatched_noisy_json = excluded.unmatched_noisy_json, download_json = excluded.download_json, added_at = excluded.added_at`,
  );
  const find = db.prepare<{ readonly name: string }, DatasetRow>(
    `SELECT ${COLUMNS} FROM datasets
     WHERE name = @name OR EXISTS (SELECT 1 FROM json_each(former_names_json) WHERE value = @name)
     ORDER BY name = @name DESC LIMIT 1`,
  );
  const list = db.prepare<[], DatasetRow>(`SELECT ${COLUMNS} FROM datasets ORDER BY name`);
  const remove = db.prepare<[string]>("DELETE FROM datasets WHERE name = ?");
  return {
    put: (card) => void put.run({ ...card, ...toJson(card) }),
    find: (name) => {
      const row = find.get({ name });
      return row === undefined ? null : fromRow(row);
    },
    list: () => list.all().map(fromRow),
    remove: (name) => void remove.run(name),
  };
}

function toJson({
  formerNames,
  skipped,
  unmatchedClean,
  unmatchedNoisy,
  download,
}: DatasetCard): Record<ListName, string> {
  return {
    formerNames: JSON.stringify(formerNames),
    skipped: JSON.stringify(skipped),
    unmatchedClean: JSON.stringify(unmatchedClean),
    unmatchedNoisy: JSON.stringify(unmatchedNoisy),
    download: JSON.stringify(download),
  };
}

function fromRow(row: DatasetRow): DatasetCard {
  const lists = Object.fromEntries(LISTS.map((name): [string, unknown] => [name, JSON.parse(row[name])]));
  return datasetCardSchema.parse({ ...row, ...lists });
}

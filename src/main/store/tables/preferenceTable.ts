import type { Database } from "better-sqlite3";

/** What a person prefers, by name. */
export interface PreferenceTable {
  put(name: string, value: unknown): void;
  readAll(): Readonly<Record<string, unknown>>;
}

interface PreferenceRow {
  readonly name: string;
  readonly value: string;
}

/** Prepares the questions to the table `preferences`. */
export function createPreferenceTable(db: Database): PreferenceTable {
  const put = db.prepare<[PreferenceRow]>(
    `INSERT INTO preferences (name, value_json) VALUES (@name, @value)
     ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json`,
  );
  const list = db.prepare<[], PreferenceRow>("SELECT name, value_json AS value FROM preferences");
  return {
    put: (name, value) => void put.run({ name, value: JSON.stringify(value) }),
    readAll: () => Object.fromEntries(list.all().map(({ name, value }) => [name, JSON.parse(value) as unknown])),
  };
}

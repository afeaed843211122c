import type { Database } from "better-sqlite3";

import { type NoiseProfileCard, noiseProfileSchema } from "#main/store/cards/noiseProfileCards.ts";

/** The table of noise profiles. */
export interface NoiseProfileTable {
  put(card: NoiseProfileCard): void;
  /** By name. */
  list(): readonly NoiseProfileCard[];
  remove(name: string): void;
}

interface NoiseProfileRow {
  readonly name: string;
  readonly noise: string;
  readonly savedAt: string;
}

/** Prepares the questions to the table `noise_profiles`. */
export function createNoiseProfileTable(db: Database): NoiseProfileTable {
  const put = db.prepare<[NoiseProfileRow]>(
    `INSERT INTO noise_profiles (name, noise_json, saved_at) VALUES (@name, @noise, @savedAt)
     ON CONFLICT (name) DO UPDATE SET noise_json = excluded.noise_json, saved_at = excluded.saved_at`,
  );
  const list = db.prepare<[], NoiseProfileRow>(
    "SELECT name, noise_json AS noise, saved_at AS savedAt FROM noise_profiles ORDER BY name",
  );
  const remove = db.prepare<[string]>("DELETE FROM noise_profiles WHERE name = ?");
  return {
    put: (card) => void put.run({ ...card, noise: JSON.stringify(card.noise) }),
    list: () => list.all().map((row) => noiseProfileSchema.parse({ ...row, noise: JSON.parse(row.noise) as unknown })),
    remove: (name) => void remove.run(name),
  };
}

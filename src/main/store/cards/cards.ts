import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { z } from "zod";

import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "#main/store/privateHome.ts";

/** A folder of small JSON files, one per thing with a name, from which the database can be rebuilt without forgetting any. */
export interface CardFolder<Card> {
  write(name: string, card: Card): Promise<void>;
  /** Tells whether there is a card, be it one that cannot be read. */
  has(name: string): boolean;
  /** Removes a card; one that is not there is removed already. */
  remove(name: string): Promise<void>;
  /** Reads all cards; those that cannot be read are reported, not thrown. */
  readAll(): Promise<{ readonly cards: readonly Card[]; readonly problems: readonly string[] }>;
}

/** Makes the reader and writer of a card folder, which is created with its first card. All throw LabError `disk` or `permission`. */
export function openCardFolder<Card>(folder: string, schema: z.ZodType<Card>): CardFolder<Card> {
  return {
    write: async (name, card) => {
      await attempt(`create ${folder}`, mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER }));
      await writeFileAtomically(getCardFile(folder, name), `${JSON.stringify(card, null, 2)}\n`, PRIVATE_FILE);
    },
    has: (name) => existsSync(getCardFile(folder, name)),
    remove: (name) => attempt(`remove ${name}`, rm(getCardFile(folder, name), { force: true })),
    readAll: async () => {
      await attempt(`create ${folder}`, mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER }));
      const cards: Card[] = [];
      const problems: string[] = [];
      for (const file of (await readdir(folder)).toSorted()) {
        if (!file.endsWith(".json")) continue;
        try {
          cards.push(await readJsonFile(join(folder, file), schema));
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      return { cards, problems };
    },
  };
}

/** Percent-encoding keeps any name apart from any other and inside the folder. */
function getCardFile(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name).replaceAll(".", "%2E").replaceAll("*", "%2A")}.json`);
}

async function attempt<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw toDiskError(what, cause);
  }
}

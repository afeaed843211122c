import { existsSync, readdirSync, readFileSync } from "node:fs";
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
  /** Reads the cards of names that are not known, at once; those that cannot be read are passed over. */
  readUnknown(isKnown: (name: string) => boolean): readonly { readonly name: string; readonly card: Card }[];
  /** Reads all cards; those that cannot be read are reported, not thrown. */
  readAll(): Promise<{ readonly cards: readonly Card[]; readonly problems: readonly string[] }>;
}

const ENDING = ".json";

/** Makes the reader and writer of a card folder, which is created with its first card. All throw LabError `disk` or `permission`. */
export function openCardFolder<Card>(folder: string, schema: z.ZodType<Card>): CardFolder<Card> {
  return {
    write: async (name, card) => {
      await attempt(`create ${folder}`, mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER }));
      await writeFileAtomically(getCardFile(folder, name), `${JSON.stringify(card, null, 2)}\n`, PRIVATE_FILE);
    },
    has: (name) => existsSync(getCardFile(folder, name)),
    remove: (name) => attempt(`remove ${name}`, rm(getCardFile(folder, name), { force: true })),
    readUnknown: (isKnown) =>
      (existsSync(folder) ? readdirSync(folder) : []).toSorted().flatMap((file) => {
        try {
          const name = getCardName(file);
          if (name === null || isKnown(name)) return [];
          return [{ name, card: schema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))) }];
        } catch {
          return [];
        }
      }),
    readAll: async () => {
      await attempt(`create ${folder}`, mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER }));
      const cards: Card[] = [];
      const problems: string[] = [];
      for (const file of (await readdir(folder)).toSorted()) {
        if (!file.endsWith(ENDING)) continue;
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
  return join(folder, `${encodeURIComponent(name).replaceAll(".", "%2E").replaceAll("*", "%2A")}${ENDING}`);
}

/** Null for a file that is no card; throws where it is named by something else than this program. */
function getCardName(file: string): string | null {
  return file.endsWith(ENDING) ? decodeURIComponent(file.slice(0, -ENDING.length)) : null;
}

async function attempt<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw toDiskError(what, cause);
  }
}

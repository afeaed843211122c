import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

/** What the lab remembers of a data set: where its photos are and what they were when it was added. */
export const datasetCardSchema = z.object({
  name: z.string().min(1),
  folder: z.string(),
  noisyFolder: z.string().nullable(),
  photos: z.int(),
  fingerprint: z.string(),
  /** Changes with any file's name, size or time: while it is the same, the fingerprint need not be computed again. */
  stamp: z.string(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  unmatchedClean: z.array(z.string()),
  unmatchedNoisy: z.array(z.string()),
  addedAt: z.iso.datetime(),
});
export type DatasetCard = Readonly<z.infer<typeof datasetCardSchema>>;

/** Writes a card beside the database, so that the database can be rebuilt without forgetting data sets. */
export async function writeDatasetCard(folder: string, card: DatasetCard): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${folder}`, cause);
  });
  await writeFileAtomically(getCardFile(folder, card.name), `${JSON.stringify(card, null, 2)}\n`);
}

/** Reads all cards; those that cannot be read are reported, not thrown. */
export async function readDatasetCards(folder: string): Promise<{ cards: DatasetCard[]; problems: string[] }> {
  const cards: DatasetCard[] = [];
  const problems: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const file of (await readdir(folder)).toSorted()) {
    if (!file.endsWith(".json")) continue;
    try {
      cards.push(await readJsonFile(join(folder, file), datasetCardSchema));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { cards, problems };
}

/** Percent-encoding keeps any name apart from any other and inside the folder. */
function getCardFile(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name).replaceAll(".", "%2E").replaceAll("*", "%2A")}.json`);
}

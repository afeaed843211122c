import { z } from "zod";

import { downloadSchema } from "#shared/api/publicSets.ts";

import { type CardFolder, openCardFolder } from "./cards.ts";

/** What the lab remembers of a data set: where its photos are and what they were when it was added. */
export const datasetCardSchema = z.object({
  name: z.string().min(1),
  /** Names that it had before, by which runs still name it. */
  formerNames: z.array(z.string()).default([]),
  folder: z.string(),
  noisyFolder: z.string().nullable(),
  photos: z.int(),
  fingerprint: z.string(),
  /** Changes with any file's name, size or time: while it is the same, the fingerprint need not be computed again. */
  stamp: z.string(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  unmatchedClean: z.array(z.string()),
  unmatchedNoisy: z.array(z.string()),
  /** Null where the photos did not come by a download of the lab. */
  download: downloadSchema.nullable().default(null),
  addedAt: z.iso.datetime(),
});
export type DatasetCard = Readonly<z.infer<typeof datasetCardSchema>>;

/** Opens the folder of data set cards; their names are those of the data sets. */
export function openDatasetCards(folder: string): CardFolder<DatasetCard> {
  return openCardFolder(folder, datasetCardSchema);
}

import { z } from "zod";

/** A public data set that the lab can download. */
export interface PublicSet {
  readonly name: string;
  readonly photos: number;
  /** What is downloaded, about. */
  readonly megabytes: number;
  /** What it is good for, in English as all that comes from tables. */
  readonly use: string;
  readonly licence: string;
  /** Where its publishers tell of it. */
  readonly page: string;
}

/** Where a data set was downloaded from, and what came. */
export const downloadSchema = z.object({
  /** Of the archive, or of the first file where there are several. */
  address: z.string(),
  /** Of the archive; of several files, of the list of their SHA-256 and names as `sha256sum` prints it. */
  sha256: z.string(),
  /** False where nothing was known to compare the first download with. */
  isCompared: z.boolean(),
  at: z.iso.datetime(),
});
export type Download = Readonly<z.infer<typeof downloadSchema>>;

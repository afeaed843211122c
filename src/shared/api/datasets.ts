import { z } from "zod";

import type { RunPart } from "#shared/runs/runSplit.ts";
import type { StartOverlap } from "#shared/runs/startOverlap.ts";
import { testPartSchema } from "#shared/runs/testPartSchema.ts";

import { takes } from "./procedure.ts";
import type { Download, PublicSet } from "./publicSets.ts";
import type { Task } from "./tasks.ts";

/** What a look at a data set's folders found. */
export interface DatasetReport {
  readonly name: string;
  readonly folder: string;
  readonly noisyFolder: string | null;
  readonly photos: number;
  readonly fingerprint: string;
  /** Files that were left out, each with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** For pairs: names found on one side only. */
  readonly unmatchedClean: readonly string[];
  readonly unmatchedNoisy: readonly string[];
  /** False where the photos changed since the data set was added. */
  readonly unchanged: boolean;
  /** True where a folder can no longer be found, e.g. on a disk that is not plugged in. */
  readonly isMissing: boolean;
  /** Null where the photos did not come by a download of the lab. */
  readonly download: Download | null;
  /** When it was added, as an ISO date. */
  readonly addedAt: string;
}

/** Which part of the split a photo belongs to; a training uses the first two together, and no run the test. */
export type PhotoPart = Exclude<RunPart, "training">;

/** What the file of one photo says about itself. */
export interface PhotoFacts {
  /** Path below the data set's folder; the photo's identity. */
  readonly name: string;
  /** Null, as all that the head of a file tells, where there is a problem. */
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: 1 | 3 | null;
  readonly bitDepth: 8 | 16 | null;
  /** Why the file cannot be read any more; null where it can. */
  readonly problem: string | null;
  /** Null for drawn photos, which have no file. */
  readonly bytes: number | null;
  readonly hasNoisy: boolean;
  /** Null in a data set that is too small to split. */
  readonly part: PhotoPart | null;
}

export interface PhotoPage {
  readonly total: number;
  readonly photos: readonly PhotoFacts[];
  /** Photos per part; null for a data set that is too small to split. */
  readonly split: Readonly<Record<PhotoPart, number>> | null;
}

/** The folders inside a folder of the computer that the lab runs on, for choosing one from afar. */
export interface FolderView {
  readonly folder: string;
  readonly parent: string | null;
  readonly folders: readonly string[];
  /** Files with a photo's extension directly in the folder. */
  readonly photos: number;
}

/** Photos of a test set that are the same pictures as some that are trained on. */
export interface LeakReport {
  readonly training: string;
  readonly test: string;
  /** Photos that were compared. */
  readonly compared: { readonly training: number; readonly test: number };
  /** Photos that cannot be told from others or be read, and drawn ones. */
  readonly leftOut: number;
  /** Closest first, each test photo with the one that is most like it; `bits` of 256 differ. */
  readonly pairs: readonly { readonly training: string; readonly test: string; readonly bits: number }[];
  /** What the networks that a training begins with learnt from of what it is measured on; none for data sets. */
  readonly start: readonly StartOverlap[];
}

/** A public set, and whether it is a data set of this lab. */
export interface OfferedSet extends PublicSet {
  readonly isHere: boolean;
}

const nameSchema = z.string().min(1);
const foldersSchema = z.strictObject({ folder: z.string().min(1), noisyFolder: z.string().min(1).nullable() });

export const datasetProcedures = {
  listDatasets: takes().gives<readonly DatasetReport[]>(),
  /** Looks at every photo of new folders in the background; null names the data set after its folder. */
  importDataset: takes(foldersSchema.extend({ name: nameSchema.max(120).nullable() })).gives<Task>(),
  /** The public sets that can be downloaded. */
  listPublicSets: takes().gives<readonly OfferedSet[]>(),
  /** Downloads a public set in the background and adds it; `again` takes anew what is there, and compares. */
  startFetch: takes(z.strictObject({ name: nameSchema, again: z.boolean().default(false) })).gives<Task>(),
  verifyDataset: takes(nameSchema).gives<DatasetReport>(),
  /** Tells where the same photos lie now. Refuses folders with other photos. */
  relocateDataset: takes(nameSchema, foldersSchema).gives<DatasetReport>(),
  /** Gives a data set another name; runs that name it by the old one still find it. */
  renameDataset: takes(nameSchema, z.string().trim().min(1).max(120)).gives<DatasetReport>(),
  /** Forgets a data set; its photos stay. */
  removeDataset: takes(nameSchema).givesNothing(),
  /** Photos in the order of their names, of the built-in set too; share and test decide their parts. */
  listDatasetPhotos: takes(
    z.strictObject({
      dataset: nameSchema,
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
      validationShare: z.number().min(0).max(1).default(0.02),
      test: testPartSchema.optional(),
    }),
  ).gives<PhotoPage>(),
  /** Finds the photos of a test set that are near-duplicates of some that are trained on; of one set with itself, those kept for validation and the test. */
  findLeaks: takes(
    z.strictObject({ training: nameSchema, test: nameSchema, testPart: testPartSchema.optional() }),
  ).gives<LeakReport>(),
  /** The same of a run: those that it validates and is tested on, among those that it learns from. */
  findRunLeaks: takes(nameSchema).gives<LeakReport>(),
  /** Null begins at the person's own folder. */
  browseFolder: takes(z.string().min(1).nullable()).gives<FolderView>(),
};

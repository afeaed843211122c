import { z } from "zod";

import { siteNameSchema } from "#shared/runs/siteProfile.ts";

/** As many jobs as a cluster lets one person have, and more than a laptop can follow. */
const MOST_JOBS = 200;

/** Where cells of a study are worked on, and how many of them at once. */
export const studyPlaceSchema = z.strictObject({
  /** Null for this computer, which does as many runs at once as its settings say, whatever stands in `jobs`. */
  site: siteNameSchema.nullable(),
  jobs: z.int().min(1).max(MOST_JOBS),
});
export type StudyPlace = Readonly<z.infer<typeof studyPlaceSchema>>;

export const studyPlacesSchema = z.array(studyPlaceSchema).min(1).max(20).readonly();

/** This computer alone, where nothing else is asked for. */
export const HERE: readonly StudyPlace[] = [{ site: null, jobs: 1 }];

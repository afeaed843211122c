import { z } from "zod";

import { seedSchema } from "#shared/random/seedSchema.ts";

import type { Contradiction } from "./contradiction.ts";

const seed = seedSchema
  .default(0)
  .describe(
    "Which photos are drawn for the test. It is not the run's seed, so that runs of several seeds, and a search and the training of what it found, keep the same ones.",
  );

/** Which photos of a data set a run never sees, so that its network can be measured on them. */
export const testPartSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z.literal("share"),
      share: z.number().gt(0).lt(1).default(0.1).describe("Share of the photos, above 0 and below 1."),
      seed,
    }),
    z.strictObject({
      kind: z.literal("count"),
      photos: z.int().positive().default(10).describe("How many photos."),
      seed,
    }),
    z.strictObject({
      kind: z.literal("list"),
      names: z
        .array(z.string().min(1))
        .readonly()
        .default([])
        .describe("The photos by name: their paths below the data set's folder. Of a pair, the clean one's."),
    }),
  ])
  .describe(
    "Photos that the run neither learns from, chooses by nor validates on, for a test afterwards. none: all photos are used. share, count: drawn by name, whatever the order of the files. list: by name.",
  );

export type TestPart = Readonly<z.infer<typeof testPartSchema>>;

/** Finds what is wrong with a list of photos for the test. */
export function findTestPart(test: TestPart): readonly Contradiction[] {
  if (test.kind !== "list") return [];
  const path = ["data", "test", "names"];
  if (test.names.length === 0) {
    return [{ path, what: "data.test.names must name at least one photo where data.test.kind is list, got none" }];
  }
  const twice = test.names.find((name, index) => test.names.indexOf(name) !== index);
  return twice === undefined ? [] : [{ path, what: `data.test.names must name each photo once, got ${twice} twice` }];
}

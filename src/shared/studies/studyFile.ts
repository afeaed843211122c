import { z } from "zod";

import { seedSchema } from "#shared/random/seedSchema.ts";

/** What a study varies besides the seeds; every combination of their values is tried. */
export const STUDY_AXES = ["space", "strategy", "estimator", "budget"] as const;
export type StudyAxis = (typeof STUDY_AXES)[number];

/** Where the chain of each cell ends: a search alone, the training of what it found, or a test of what was trained. */
export const STUDY_ENDS = ["search", "training", "evaluation"] as const;
export type StudyEnd = (typeof STUDY_ENDS)[number];

/** More cells than this are a slip of the pen: at an hour each they would take a month. */
export const MOST_CELLS = 1000;
/** More seeds than this no longer sharpen a mean that anybody reports. */
const MOST_SEEDS = 200;

/** Settings as a settings file has them, for any kind of job. */
const settingsSchema = z.record(z.string(), z.unknown());
/** By the name of each value what it sets; nothing for one that leaves the base as it is. */
const axisSchema = z
  .record(z.string().trim().min(1).max(60), settingsSchema.nullable())
  .refine((values) => Object.keys(values).length > 0, { error: "must name at least one value" });

const seedsSchema = z.union([
  z.int().min(1).max(MOST_SEEDS),
  z
    .array(seedSchema)
    .min(1)
    .max(MOST_SEEDS)
    .refine((seeds) => new Set(seeds).size === seeds.length, { error: "must name each seed once" }),
]);

/** What tuning cost before the study, by hand: nobody else knows. */
const tuningSchema = z.strictObject({
  coreHours: z.number().min(0).describe("Processor hours spent on finding the settings."),
  note: z.string().max(1000).default("").describe("What was tuned, how, and on which photos."),
});

/** A study as its author writes it. */
export const studyFileSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  note: z.string().max(10_000).default("").describe("What the study asks, and what its author expects."),
  seeds: seedsSchema.describe("How many seeds from 0 on, or which."),
  base: settingsSchema.default({}).describe("Settings of searches, trainings and tests that all cells share."),
  axes: z
    .strictObject({
      space: axisSchema.optional(),
      strategy: axisSchema.optional(),
      estimator: axisSchema.optional(),
      budget: axisSchema.optional(),
    })
    .default({}),
  ends: z.enum(STUDY_ENDS).default("search"),
  control: z
    .boolean()
    .default(false)
    .describe(
      "For each architecture found also train one drawn at random from the same space, of the same multiply-adds.",
    ),
  goesOn: z
    .boolean()
    .default(false)
    .describe("Whether the study goes on by itself when the program starts again after it was closed or killed."),
  tuning: tuningSchema.nullable().default(null),
});
export type StudyFile = Readonly<z.infer<typeof studyFileSchema>>;

/** Lists the seeds of a study. */
export function listSeeds(seeds: StudyFile["seeds"]): readonly number[] {
  return typeof seeds === "number" ? Array.from({ length: seeds }, (_, seed) => seed) : seeds;
}

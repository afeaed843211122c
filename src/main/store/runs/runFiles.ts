import { z } from "zod";

import { LAB_ERROR_KINDS } from "#shared/labError.ts";
import { searchConfigSchema, storedTrainConfigSchema } from "#shared/runs/config.ts";
import { RUN_STATES } from "#shared/runs/runEvent.ts";
import { type AnyGenotype, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { processIdentitySchema } from "#main/files/processIdentity.ts";

const runDatasetSchema = z.object({
  name: z.string(),
  /** Null for the built-in sample set, which has no folder. */
  folder: z.string().nullable(),
  noisyFolder: z.string().nullable(),
  photos: z.int(),
  fingerprint: z.string(),
});
/** The data set of a run as it was when the run began. */
export type RunDataset = Readonly<z.infer<typeof runDatasetSchema>>;

const common = {
  schema: z.literal("hinas.run"),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  dataset: runDatasetSchema,
  /** Of the study that the run belongs to; not in files of the first versions. */
  study: z.string().nullable().default(null),
};

const genotypeSchema = z.unknown().transform((value): AnyGenotype => parseAnyGenotype(value, "resolved.json"));

/** resolved.json: everything that was decided before the run began; never changed afterwards. */
export const runManifestSchema = z.discriminatedUnion("kind", [
  z.object({ ...common, kind: z.literal("search"), config: searchConfigSchema }),
  z.object({ ...common, kind: z.literal("train"), config: storedTrainConfigSchema, genotype: genotypeSchema }),
]);
export type RunManifest = Readonly<z.infer<typeof runManifestSchema>>;

const bestSchema = z.object({ step: z.int(), psnrDb: z.number(), ssim: z.number() });

/** status.json: how the run is doing; replaced as a whole by the process that owns the run, and by no other. */
export const runStatusSchema = z.object({
  schema: z.literal("hinas.status"),
  version: z.literal(1),
  state: z.enum(RUN_STATES),
  reason: z.string().nullable(),
  /** Of the trouble that ended the run; not in files of the first versions. */
  errorKind: z.enum(LAB_ERROR_KINDS).nullable().default(null),
  step: z.int(),
  totalSteps: z.int(),
  /** Not in files of the first versions. */
  secondsPerStep: z.number().nullable().default(null),
  best: bestSchema.nullable(),
  engine: z.string().nullable(),
  /** What did the steps before, each up to the step at which somebody let the run go on by another; not in files of the first versions. */
  earlierEngines: z
    .array(z.object({ engine: z.string(), untilStep: z.int() }))
    .readonly()
    .default([]),
  /** Counts how often the run was taken up: who finds another number than its own has lost it. Not in files of the first versions. */
  ownershipEpoch: z.int().min(0).default(0),
  owner: processIdentitySchema.nullable(),
  /** The owner's compute process while it works on the run; not in files of the first versions. */
  worker: processIdentitySchema.nullable().default(null),
  heartbeatAt: z.iso.datetime(),
});
export type RunStatus = Readonly<z.infer<typeof runStatusSchema>>;

/** control.json: what people want of a run; written by any process, read by the owner. */
export const runControlSchema = z.object({ want: z.enum(["run", "pause", "stop"]), at: z.iso.datetime() });
export type RunControl = Readonly<z.infer<typeof runControlSchema>>;

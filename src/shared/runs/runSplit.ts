import { z } from "zod";

import { startOverlapSchema } from "./startOverlap.ts";

/** The parts that a run may give its photos; a search has the first two, a training has `training` in their place. */
export const RUN_PARTS = ["weights", "architecture", "training", "validation", "test"] as const;
export type RunPart = (typeof RUN_PARTS)[number];

/** split.json: which photos have which part in a run, by their names below the data set's folder; written before it begins. */
export const runSplitSchema = z.object({
  schema: z.literal("hinas.split"),
  version: z.literal(1),
  /** Of the photos' names and contents. */
  fingerprint: z.string(),
  /** SHA-256 of the parts as they stand here: two runs with the same one have the same split. */
  sha256: z.string(),
  parts: z.partialRecord(z.enum(RUN_PARTS), z.array(z.string()).readonly()),
  /** SHA-256 of each photo's files, the clean one's first; none of drawn photos. Not in files of the first versions. */
  files: z.record(z.string(), z.array(z.string()).readonly()).optional(),
  /** What the networks that a training begins with had learnt from already of what it is measured on. Not in files of the first versions. */
  start: z.array(startOverlapSchema).readonly().optional(),
});
export type RunSplit = Readonly<z.infer<typeof runSplitSchema>>;

/** Lists the parts that a run has, in their order, with the names of their photos. */
export function listParts({ parts }: Pick<RunSplit, "parts">): readonly (readonly [RunPart, readonly string[]])[] {
  return RUN_PARTS.flatMap((part) => {
    const names = parts[part];
    return names === undefined ? [] : [[part, names] as const];
  });
}

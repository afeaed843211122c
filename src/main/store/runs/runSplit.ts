import { createHash } from "node:crypto";

import { z } from "zod";

/** split.json: which photos have which part in a run, by their names below the data set's folder; written before it begins. */
export const runSplitSchema = z.object({
  schema: z.literal("hinas.split"),
  version: z.literal(1),
  /** Of the photos' names and contents. */
  fingerprint: z.string(),
  /** SHA-256 of the parts as they stand here: two runs with the same one have the same split. */
  sha256: z.string(),
  parts: z.record(z.string(), z.array(z.string()).readonly()),
});
export type RunSplit = Readonly<z.infer<typeof runSplitSchema>>;

/** Describes how a run parts its photos. */
export function describeSplit(
  fingerprint: string,
  photos: readonly (readonly [part: string, members: readonly { readonly name: string }[]])[],
): RunSplit {
  const parts = Object.fromEntries(photos.map(([part, members]) => [part, members.map(({ name }) => name)]));
  const sha256 = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { schema: "hinas.split", version: 1, fingerprint, sha256, parts };
}

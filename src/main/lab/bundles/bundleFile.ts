import { z } from "zod";

/** Where a bundle's parts lie inside its ZIP. */
export const BUNDLE = {
  manifest: "bundle.json",
  readme: "README.md",
  /** The run's whole folder. */
  run: "run/",
  /** The network that a training made, for other programs, with its card. */
  model: "model/",
  /** What is known of the photos, which stay where they are. */
  data: "data.json",
  environment: "environment.json",
} as const;

/** bundle.json: what is in a bundle, and the hash of each file. */
export const bundleSchema = z.object({
  schema: z.literal("hinas.bundle"),
  version: z.literal(1),
  /** What wrote it. */
  program: z.object({ version: z.string(), commit: z.string().nullable() }),
  run: z.object({ id: z.string().regex(/^[0-9A-Z]+$/), name: z.string(), kind: z.enum(["search", "train"]) }),
  packedAt: z.iso.datetime(),
  files: z.array(
    z.object({
      path: z.string().regex(/^(?![/\\])(?!.*(?:^|[/\\])\.\.(?:[/\\]|$))[^\\\0]+$/, "a path inside the bundle"),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.int().min(0),
    }),
  ),
});
export type Bundle = Readonly<z.infer<typeof bundleSchema>>;

/** More than this is not held in memory. */
export const MOST_BUNDLE_BYTES = 2_000_000_000;

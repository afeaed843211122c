import { z } from "zod";

import { takes } from "./procedure.ts";
import type { RunSummary } from "./runs.ts";

export const bundleProcedures = {
  /** A run with its network, what is known of its photos and its environment as one ZIP, in base64. */
  packBundle: takes(z.string().min(1)).gives<string>(),
  /** Takes the run of a bundle, a file, into the lab. */
  importBundle: takes(z.strictObject({ file: z.string().min(1) })).gives<RunSummary>(),
};

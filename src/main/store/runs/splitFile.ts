import { existsSync } from "node:fs";

import { readJsonFile } from "#main/files/readJsonFile.ts";
import { type RunSplit, runSplitSchema } from "#shared/runs/runSplit.ts";

import type { RunPaths } from "./runFolder.ts";

/** Reads which photos have which part in a run; null for a run that was begun before that was written down. Throws LabError. */
export async function readSplitFile({ split }: Pick<RunPaths, "split">): Promise<RunSplit | null> {
  return existsSync(split) ? readJsonFile(split, runSplitSchema) : null;
}

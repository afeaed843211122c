import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { readRegularFile } from "#main/files/readRegularFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { LabError } from "#shared/labError.ts";

import type { RunPaths } from "./runFolder.ts";

const NAME = "start";

/** As much as Node reads at once; networks take a few megabytes. */
const LARGEST_BYTES = 2 ** 31 - 1;

/**
 * Keeps a copy of the network that a training begins with in its run folder, which is complete by itself. Throws LabError as
 * `readRegularFile` and `writeFileAtomically` do.
 */
export async function keepStartFile({ checkpoints }: RunPaths, file: string): Promise<void> {
  const target = join(checkpoints, `${NAME}${extname(file).toLowerCase()}`);
  await writeFileAtomically(target, await readRegularFile(file, LARGEST_BYTES));
}

/** Finds that copy again. Throws LabError not_found where it is gone. */
export async function findStartFile({ checkpoints }: RunPaths): Promise<string> {
  const names = await readdir(checkpoints).catch((cause: unknown) => {
    throw toDiskError(`read ${checkpoints}`, cause);
  });
  const name = names.find((each) => each.startsWith(`${NAME}.`));
  if (name !== undefined) return join(checkpoints, name);
  throw new LabError("not_found", `${checkpoints} must hold the network that the training begins with, got none`);
}

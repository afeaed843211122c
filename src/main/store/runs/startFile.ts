import { copyFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";

import type { RunPaths } from "./runFolder.ts";

const NAME = "start";

/** Keeps a copy of the network that a training begins with in its run folder, which is complete by itself. Throws LabError. */
export async function keepStartFile({ checkpoints }: RunPaths, file: string): Promise<void> {
  const target = join(checkpoints, `${NAME}${extname(file).toLowerCase()}`);
  await copyFile(file, target).catch((cause: unknown) => {
    throw toDiskError(`copy ${file} to ${target}`, cause);
  });
}

/** Finds that copy again. Throws LabError not_found where it is gone. */
export async function findStartFile({ checkpoints }: RunPaths): Promise<string> {
  const names = await readdir(checkpoints).catch((cause: unknown) => {
    throw toDiskError(`read ${checkpoints}`, cause);
  });
  const name = names.find((each) => each.startsWith(`${NAME}.`));
  if (name !== undefined) return join(checkpoints, name);
  throw new LabError(
    "not_found",
    `train: ${checkpoints} must hold the network that the training begins with, got none`,
  );
}

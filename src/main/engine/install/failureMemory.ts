import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";

import { z } from "zod";

import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

const failureSchema = z.object({ at: z.iso.datetime(), circumstances: z.string(), reason: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** Long enough that a handful of commands in a row wait for a dead network once, short enough to try again the same day. */
const REMEMBERED_MS = 60 * 60_000;

/** Remembers that an attempt failed, and under which circumstances, so that the next start does not wait for it again. */
export async function rememberFailure(file: string, circumstances: string, reason: string): Promise<void> {
  const failure: Failure = { at: new Date().toISOString(), circumstances, reason };
  await writeFileAtomically(file, `${JSON.stringify(failure)}\n`);
}

/** Returns the remembered failure where it is less than an hour old and the circumstances are the same, else null. */
export async function recallFailure(file: string, circumstances: string): Promise<Failure | null> {
  if (!existsSync(file)) return null;
  // A damaged memory is no memory: the attempt is made again and the file written anew.
  const failure = await readJsonFile(file, failureSchema).catch(() => null);
  if (failure === null) return null;
  // One that lies in the future was written by a clock that was wrong, and would be remembered for ever.
  const ageMs = Math.abs(Date.now() - Date.parse(failure.at));
  return failure.circumstances === circumstances && ageMs < REMEMBERED_MS ? failure : null;
}

export async function forgetFailure(file: string): Promise<void> {
  await rm(file, { force: true });
}

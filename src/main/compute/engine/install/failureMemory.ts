import { readFile, rm } from "node:fs/promises";
import { z } from "zod";
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
export async function recallFailure(file: string, circumstances: string, now = Date.now()): Promise<Failure | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const parsed = failureSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.circumstances !== circumstances) return null;
  return now - Date.parse(parsed.data.at) < REMEMBERED_MS ? parsed.data : null;
}

export async function forgetFailure(file: string): Promise<void> {
  await rm(file, { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toDiskError } from "./diskError.ts";
import { getOwnerTag, isOwnerGone, OWNER_TAG } from "./processIdentity.ts";

/** A file that is being written. Its name is short, for the file's own may have all the room there is, and tells whose it is. */
const TEMPORARY_FILE = new RegExp(`^\\.hinas-(${OWNER_TAG})-[0-9a-f]{12}\\.tmp$`);
const TEMPORARY_FOLDER = new RegExp(`^hinas-[a-z]+-(${OWNER_TAG})-\\w{6}$`);

const swept = new Set<string>();

/**
 * Names a file in a folder that is to be written as a whole and then renamed. What processes that died left half-written
 * there is removed first, once in the life of this process.
 */
export async function nameTemporaryFile(folder: string): Promise<string> {
  await sweepOnce(folder);
  return join(folder, `.hinas-${getOwnerTag()}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes what processes that died left half-written in a folder, once in the life of this process. */
export async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  await sweep(folder, isLeftHalfWritten);
}

/** Tells by its name whether a file was left half-written by a process of this computer that is gone. */
export function isLeftHalfWritten(name: string): boolean {
  const tag = TEMPORARY_FILE.exec(name)?.[1];
  return tag !== undefined && isOwnerGone(tag);
}

/** The beginning of the name of a folder among the system's temporary files, which tells whose it is. */
export function nameTemporaryFolder(kind: string): string {
  return join(tmpdir(), `hinas-${kind}-${getOwnerTag()}-`);
}

/**
 * Makes a folder of this process among the system's temporary files, for `kind` of things; the caller removes it. What
 * processes that died left there is removed first. Throws LabError `disk` or `permission`.
 */
export async function makeTemporaryFolder(kind: string): Promise<string> {
  await removeTemporaryFolders();
  return mkdtemp(nameTemporaryFolder(kind)).catch((cause: unknown) => {
    throw toDiskError(`create a folder for ${kind} in ${tmpdir()}`, cause);
  });
}

/** Removes what processes that died left among the system's temporary files. */
export async function removeTemporaryFolders(): Promise<void> {
  await sweep(tmpdir(), (name) => {
    const tag = TEMPORARY_FOLDER.exec(name)?.[1];
    return tag !== undefined && isOwnerGone(tag);
  });
}

/** What is missing or cannot be removed does no harm and stops nobody. */
export async function sweep(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter(isLeftover).map((name) => join(folder, name));
  await Promise.allSettled(leftovers.map((leftover) => rm(leftover, { recursive: true, force: true })));
}

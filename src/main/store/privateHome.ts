import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { getHomePaths } from "./labHome.ts";

/** For the owner alone: photos, their places and the names of runs are nobody else's business on a shared computer. */
export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;
/** What a group and everybody may do. */
const OTHERS = 0o077;
/** Of folders that everybody uses, such as the one for temporary files. */
const STICKY = 0o1000;

/**
 * Makes the lab's home, for its owner alone. One that an earlier version left open to others is closed, with the cards and
 * backups in it; a folder that holds nothing of the lab, or that everybody uses, is left as it is. Throws the error of the system.
 */
export function makePrivateHome(home: string): void {
  const isNew = mkdirSync(home, { recursive: true, mode: PRIVATE_FOLDER }) !== undefined;
  if (isNew || !isOpenLab(home)) return;
  const { backups, datasets, architectures, noiseProfiles } = getHomePaths(home);
  for (const folder of [backups, datasets, architectures, noiseProfiles]) {
    const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    for (const entry of entries) if (entry.isFile()) makePrivateFile(join(folder, entry.name));
  }
  chmodSync(home, PRIVATE_FOLDER);
}

/** Closes a file of this person's to others; one that is gone meanwhile is nobody's. */
export function makePrivateFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & OTHERS) === 0 || found.uid !== process.getuid?.()) return;
  chmodSync(file, PRIVATE_FILE);
}

function isOpenLab(home: string): boolean {
  const { mode, uid } = statSync(home);
  if ((mode & OTHERS) === 0 || (mode & STICKY) !== 0 || uid !== process.getuid?.()) return false;
  return resolve(home) !== homedir() && Object.values(getHomePaths(home)).some((path) => existsSync(path));
}

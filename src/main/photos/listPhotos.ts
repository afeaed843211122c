import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";
import { adviseOnFormat } from "./adviseOnFormat.ts";
import { FORMAT_NAMES, hasPhotoExtension } from "./photoFormat.ts";
import { isResult } from "./resultName.ts";

/** A photo file; `name` is its path below the folder, with forward slashes. */
export interface PhotoFile {
  readonly name: string;
  readonly file: string;
}

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** The photo files of a folder in the order of their names' code units, and the others. */
export interface PhotoList {
  readonly photos: readonly PhotoFile[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Lists the photo files of a folder and the folders in it; hidden ones and denoised results are passed over. Judges by
 * name only. Throws LabError bad_data where the folder is missing, is no folder, is empty or has no photo, permission where
 * it is closed.
 */
export async function listPhotos(folder: string): Promise<PhotoList> {
  const photos: PhotoFile[] = [];
  const skipped: SkippedFile[] = [];
  const files = await listFiles(folder);
  for (const file of files.filter((each) => !isResult(each))) {
    const name = relative(folder, file).split(sep).join("/");
    if (hasPhotoExtension(name)) photos.push({ name, file });
    else skipped.push({ file, reason: adviseOnFormat(name) ?? `not named as a ${FORMAT_NAMES} photo` });
  }
  if (photos.length === 0) {
    const advice = files.map(adviseOnFormat).find((each) => each !== null) ?? null;
    const others = `${files.length} other file(s)${advice === null ? "" : `, among them ${advice}`}`;
    const got = files.length === 0 ? "an empty folder" : others;
    throw new LabError("bad_data", `photos of ${folder}: expected ${FORMAT_NAMES} photos, got ${got}`);
  }
  return { photos: photos.sort((a, b) => compareNames(a.name, b.name)), skipped };
}

/** Orders names by code units, as the papers' data lists are, whatever the machine's language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    if (!(await stat(folder)).isDirectory()) {
      throw new LabError("bad_data", `photos of ${folder}: expected a folder, got a file`);
    }
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return files.filter((file) => !isHidden(relative(folder, file)));
  } catch (cause) {
    const error = toDiskError(`photos of ${folder}`, cause);
    throw error instanceof LabError && error.kind === "not_found"
      ? new LabError("bad_data", error.message, { cause })
      : error;
  }
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith("."));
}

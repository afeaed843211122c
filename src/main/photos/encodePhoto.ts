import { access } from "node:fs/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";

import type { DecodedPhoto } from "./decodedPhoto.ts";
import type { EncodeFormat } from "./threads/encodeToBytes.ts";
import { inThread } from "./threads/inThread.ts";
import { type Given, later } from "./threads/later.ts";

/** How and where a photo is written. */
export interface EncodeOptions extends EncodeFormat {
  readonly file: string;
  readonly overwrite: boolean;
}

/**
 * Writes a photo (values clipped to 0..1) with its alpha, profile, camera data and XMP, upright, as a whole file or not at
 * all. Throws LabError bad_config where the format cannot hold it or the file exists and `overwrite` is off, and disk,
 * permission or not_found where the system refuses.
 */
export async function encodePhoto(source: Given<DecodedPhoto>, options: EncodeOptions): Promise<void> {
  const { file, overwrite, ...format } = options;
  if (!overwrite) await checkFree(file);
  await inThread("writeWhole", file, later("encodeToBytes", source, format), overwrite);
}

/** Throws LabError bad_config where a file exists. */
export async function checkFree(file: string): Promise<void> {
  if (await isExisting(file)) throw new LabError("bad_config", `${file} exists already`);
}

async function isExisting(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return false;
    throw toDiskError(`encode ${file}`, cause);
  }
}

import sharp from "sharp";

import { LabError } from "#shared/labError.ts";

/**
 * Makes an 8-bit PNG of a photo file that fits into a square, upright and never enlarged; the file's own values, no colour
 * management. Reads no more of the file than it needs. Throws LabError `bad_data` for what is no picture.
 */
export async function makeThumbnail(file: string, maxSidePx: number): Promise<Uint8Array> {
  try {
    return await sharp(file, { ignoreIcc: true, autoOrient: true })
      .resize({ width: maxSidePx, height: maxSidePx, fit: "inside", withoutEnlargement: true })
      .png({ compressionLevel: 3 })
      .toBuffer();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("bad_data", `thumbnail of ${file}: expected a picture, got something else (${detail})`, {
      cause,
    });
  }
}

import sharp from "sharp";

import { badPhoto } from "./badPhoto.ts";
import { tagBytes, type TaggedBytes } from "./viewing.ts";

/** Makes a thumbnail of a photo's file; see `makeThumbnail`. */
export async function thumbnailOf(file: string, maxSidePx: number): Promise<TaggedBytes> {
  try {
    const bytes = await sharp(file, { ignoreIcc: true, autoOrient: true, limitInputPixels: false })
      .resize({ width: maxSidePx, height: maxSidePx, fit: "inside", withoutEnlargement: true })
      .png({ compressionLevel: 3 })
      .toBuffer();
    return tagBytes(bytes);
  } catch (cause) {
    throw badPhoto(file, "something else or a damaged file", cause);
  }
}

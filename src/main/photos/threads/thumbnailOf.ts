import sharp from "sharp";

import { badPhoto } from "./badPhoto.ts";
import { tagBytes, type TaggedBytes } from "./viewing.ts";

/** Makes a thumbnail of a photo's file, in sRGB by the profile that it comes with; see `makeThumbnail`. */
export async function thumbnailOf(file: string, maxSidePx: number): Promise<TaggedBytes> {
  try {
    const bytes = await sharp(file, { autoOrient: true, limitInputPixels: false })
      .resize({ width: maxSidePx, height: maxSidePx, fit: "inside", withoutEnlargement: true })
      .png({ compressionLevel: 3 })
      .toBuffer();
    return tagBytes(bytes);
  } catch (cause) {
    throw badPhoto(file, "something else or a damaged file", cause);
  }
}

/** Makes a JPEG of a small picture, in sRGB, for a page that holds many. */
export async function toSmallJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes).toColourspace("srgb").jpeg({ quality: 74 }).toBuffer();
}

/** As EXIF has it. */
const EXIF_SIDE_PX = 160;

/** Writes the small JPEG of a photo that goes into its EXIF: in sRGB, for it has no profile. */
export async function writeExifThumbnail(file: string, target: string): Promise<void> {
  await sharp(file, { limitInputPixels: false })
    .resize({ width: EXIF_SIDE_PX, height: EXIF_SIDE_PX, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .jpeg({ quality: 85 })
    .toFile(target);
}

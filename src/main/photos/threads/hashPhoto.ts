import sharp from "sharp";

import { computePerceptualHash, HASH_SIDE } from "#shared/image/perceptualHash.ts";

import { badPhoto } from "./badPhoto.ts";

/** Hashes what a photo's file shows, upright, whatever its size; see `computePerceptualHash`. */
export async function hashPhoto(file: string): Promise<string> {
  try {
    const grey = await sharp(file, { autoOrient: true, limitInputPixels: false })
      .greyscale()
      .resize({ width: HASH_SIDE + 1, height: HASH_SIDE, fit: "fill", kernel: "cubic" })
      .removeAlpha()
      .extractChannel(0)
      .raw({ depth: "uchar" })
      .toBuffer();
    return computePerceptualHash(grey);
  } catch (cause) {
    throw badPhoto(file, "something else or a damaged file", cause);
  }
}

import sharp from "sharp";

import type { LabFile } from "#shared/api/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import { pictureRefSchema, type PictureWish } from "#shared/api/pictures.ts";
import type { Photo } from "#shared/image/photo.ts";

/** Asks the lab for a picture as a window does. */
export function readPicture(lab: Lab, wish: PictureWish): Promise<LabFile> {
  return lab.readPicture(pictureRefSchema.parse(wish));
}

/** Asks for every value of a picture as it is. */
export async function readFloats(lab: Lab, wish: Exclude<PictureWish, { kind: "animation" }>): Promise<Photo> {
  const { bytes, shape } = await readPicture(lab, { ...wish, encoding: "float32" });
  if (shape === null) throw new Error("a float32 picture must have a shape");
  const [height, width, channels] = shape;
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { width, height, channels: channels === 3 ? 3 : 1, data };
}

/** Decodes a picture to 8-bit values. */
export async function readPixels(lab: Lab, wish: PictureWish) {
  const { bytes } = await readPicture(lab, wish);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data: [...data] };
}

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import { generateSamplePhoto } from "#shared/image/sampleSet.ts";

/** Another seed than the sample set's, so that nothing shown here is in it. */
const SEED = 20261124;
const LONG_SIDE = 480;
const SHORT_SIDE = 320;
/** Every so manieth picture stands upright, as in a folder of camera photos. */
const UPRIGHT_EVERY = 4;

/** Draws pictures `from` to `from + count - 1` of a series of dead leaves into a folder, where they are not there yet. */
export async function writeDeadLeaves(folder: string, from: number, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let index = from; index < from + count; index += 1) {
    const file = join(folder, `leaves-${String(index + 1).padStart(2, "0")}.png`);
    if (existsSync(file)) continue;
    const isUpright = index % UPRIGHT_EVERY === UPRIGHT_EVERY - 1;
    const [width, height] = isUpright ? [SHORT_SIDE, LONG_SIDE] : [LONG_SIDE, SHORT_SIDE];
    const photo = generateSamplePhoto(index, { width, height, seed: SEED });
    const source: DecodedPhoto = { photo, alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null };
    await encodePhoto(source, { file, format: "png", bitDepth: 8, overwrite: false });
  }
  return folder;
}

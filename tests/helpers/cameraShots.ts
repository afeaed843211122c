import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";

import { addNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { makeGreyPhoto } from "./makePhoto.ts";

/** The noise of the camera that tests photograph with. */
export const SHOT_NOISE = { kind: "poisson_gaussian", gain: 0.004, sigma255: 6 } as const;

/** Steps of brightness with edges and some texture, far from black and white. */
export function makeScene(side: number): Photo {
  return makeGreyPhoto(side, side, (x, y) => {
    const step = (Math.floor(x / 32) + Math.floor(y / 32) * 3) % 8;
    return 0.12 + 0.09 * step + 0.02 * Math.sin(x / 3) * Math.cos(y / 4);
  });
}

/** Writes shots of one scene as 16-bit PNG files, as a camera with `SHOT_NOISE` takes them. Names count from shot-0.png. */
export async function writeBurst(folder: string, count: number, side = 256): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const scene = makeScene(side);
  const files: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const file = join(folder, `shot-${i}.png`);
    await writeGrey16(file, addNoise(scene, SHOT_NOISE, createRandom(i, "shot")));
    files.push(file);
  }
  return files;
}

/** Writes a grey photo as a 16-bit PNG file; what lies outside of 0..1 is clipped. */
export async function writeGrey16(file: string, { width, height, data }: Photo): Promise<void> {
  const values = Uint16Array.from(data, (value) => Math.round(65_535 * Math.min(1, Math.max(0, value))));
  await sharp(values, { raw: { width, height, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toFile(file);
}

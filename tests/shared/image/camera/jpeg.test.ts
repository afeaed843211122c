import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { type ChromaSampling, simulateJpeg } from "#shared/image/camera/jpeg.ts";
import { computeQuantisation } from "#shared/image/camera/jpegBlock.ts";
import { crop } from "#shared/image/geometry.ts";
import { addNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { generateSamplePhoto } from "#shared/image/sampleSet.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const CORNER = { x: 0, y: 0 };

/** A drawn picture with a little noise, in 8 bits, so that all frequencies are there. */
function makePicture(width: number, height: number): Photo {
  const drawn = generateSamplePhoto(3, { width, height, seed: 1 });
  const noisy = addNoise(drawn, { kind: "gaussian", sigma255: 6 }, createRandom(1));
  return { ...noisy, data: noisy.data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255) };
}

/** What libjpeg, by way of sharp, gives back. */
async function passThroughFile(photo: Photo, quality: number, chromaSubsampling: ChromaSampling): Promise<Photo> {
  const { width, height, channels } = photo;
  const bytes = Uint8Array.from(photo.data, (value) => Math.round(255 * value));
  const file = await sharp(bytes, { raw: { width, height, channels } }).jpeg({ quality, chromaSubsampling }).toBuffer();
  const back = await sharp(file)
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
  return { ...photo, data: Float32Array.from(back, (value) => value / 255) };
}

const meanDifference255 = (a: Photo, b: Photo) =>
  a.data.reduce((sum, value, i) => sum + 255 * Math.abs(value - b.data[i]!), 0) / a.data.length;

describe("simulateJpeg", () => {
  it.each([
    [100, "4:4:4"],
    [92, "4:2:0"],
    [75, "4:4:4"],
    [75, "4:2:0"],
    [50, "4:2:0"],
    [20, "4:2:0"],
    [5, "4:4:4"],
  ] as const)("gives at quality %d with %s what a file by libjpeg gives", async (quality, sampling) => {
    const photo = makePicture(112, 80);
    const file = await passThroughFile(photo, quality, sampling);
    const simulated = simulateJpeg(photo, { quality, sampling, offset: CORNER });
    // The file's coder works with whole numbers, and rounds a few coefficients near a half the other way.
    expect(meanDifference255(simulated, file)).toBeLessThan(0.5);
    expect(computePsnr(simulated, file)).toBeGreaterThan(46);
  });

  it.each([90, 40])(
    "does the same to a grey photo, of a size that ends within a block, at quality %d",
    async (quality) => {
      const colour = makePicture(45, 37);
      const photo: Photo = { ...colour, channels: 1, data: colour.data.filter((_, i) => i % 3 === 1) };
      const file = await passThroughFile(photo, quality, "4:4:4");
      const simulated = simulateJpeg(photo, { quality, sampling: "4:4:4", offset: CORNER });
      expect(meanDifference255(simulated, file)).toBeLessThan(0.3);
    },
  );

  it("cuts a photo's blocks where the offset says", () => {
    const photo = makePicture(96, 96);
    const whole = simulateJpeg(photo, { quality: 30, sampling: "4:2:0", offset: CORNER });
    const inside = { x: 24, y: 11, width: 48, height: 48 };
    const part = simulateJpeg(crop(photo, inside), { quality: 30, sampling: "4:2:0", offset: { x: 24 % 16, y: 11 } });
    // Blocks that the part has whole are the same in both; chroma looks one pixel further.
    const middle = { x: 10, y: 7, width: 28, height: 28 };
    const same = crop(whole, { ...middle, x: inside.x + middle.x, y: inside.y + middle.y });
    expect(crop(part, middle)).toEqual(same);
  });

  it("leaves one colour as it is, to a rounding", () => {
    const photo: Photo = { width: 16, height: 16, channels: 3, data: new Float32Array(768).fill(100 / 255) };
    expect(simulateJpeg(photo, { quality: 100, sampling: "4:2:0", offset: { x: 3, y: 5 } })).toEqual(photo);
  });
});

describe("computeQuantisation", () => {
  it("scales the standard's tables as libjpeg does: as they stand at 50, all ones at 100", () => {
    expect([...computeQuantisation("luminance", 50).slice(0, 8)]).toEqual([16, 11, 10, 16, 24, 40, 51, 61]);
    expect([...computeQuantisation("chrominance", 50).slice(0, 4)]).toEqual([17, 18, 24, 47]);
    expect(new Set(computeQuantisation("luminance", 100))).toEqual(new Set([1]));
    expect(computeQuantisation("luminance", 90)[0]).toBe(3);
    expect(computeQuantisation("luminance", 10)[0]).toBe(80);
    expect(computeQuantisation("chrominance", 1)[0]).toBe(255);
  });
});

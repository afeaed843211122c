import { describe, expect, it } from "vitest";

import { createBatchSource } from "#shared/image/batches.ts";
import {
  addNoise,
  describeNoise,
  expectHistogram,
  findNoiseContradictions,
  firstNoise,
  largestSigma255,
  makeNoisy,
  type Noise,
  noiseMapOf,
  noiseSchema,
  settleNoise,
} from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import type { Photo } from "#shared/image/photo.ts";
import { toGrey } from "#shared/image/grey.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

type Camera = Noise<"camera">;

/** A camera that does nothing. */
const OFF: Camera = {
  kind: "camera",
  shotNoise: 0,
  readNoise: 0,
  redGain: 1,
  blueGain: 1,
  demosaicing: "none",
  mosaicDetail: false,
  colourMatrix: 0,
  toneCurve: 0,
  lumaBlurPx: 0,
  chromaBlurPx: 0,
  eightBits: false,
  jpeg: "none",
  jpegQuality: 100,
};

function fill(colour: readonly [number, number, number], side = 160): Photo {
  const data = Float32Array.from({ length: side * side * 3 }, (_, i) => colour[i % 3]!);
  return { width: side, height: side, channels: 3, data };
}

const develop = (clean: Photo, camera: Partial<Camera>, seed = 1) =>
  addNoise(clean, { ...OFF, ...camera }, createRandom(seed, "camera"));

/** sRGB to linear light, by the standard's formula. */
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** Values of one channel of a noisy photo as linear light. */
function channelOf({ data }: Photo, channel: number): number[] {
  return [...data.filter((_, i) => i % 3 === channel)].map(linear);
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** How much alike noise is at pixels that lie `distance` columns apart. */
function correlate({ width, height, data }: Photo, clean: Photo, channel: number, distance: number): number {
  const at = (x: number, y: number) =>
    data[(y * width + x) * 3 + channel]! - clean.data[(y * width + x) * 3 + channel]!;
  let product = 0;
  let square = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width - distance; x++) {
      product += at(x, y) * at(x + distance, y);
      square += at(x, y) ** 2;
    }
  }
  return product / square;
}

describe("camera noise", () => {
  it("is nothing where every step is off", () => {
    const clean = makeRandomPhoto(31, 22, 3);
    const noisy = develop(clean, {});
    noisy.data.forEach((value, i) => expect(value).toBeCloseTo(clean.data[i]!, 6));
  });

  it("leaves the picture alone where the sensor has no noise, whatever else the camera does", () => {
    const clean = makeRandomPhoto(31, 22, 3);
    const noisy = develop(clean, {
      redGain: 2,
      blueGain: 1.7,
      demosaicing: "malvar",
      colourMatrix: 0.5,
      toneCurve: 1,
      lumaBlurPx: 1,
      chromaBlurPx: 2,
    });
    noisy.data.forEach((value, i) => expect(value).toBeCloseTo(clean.data[i]!, 6));
  });

  it.each([0.25, 0.6])(
    "has on the sensor a variance of shot noise times signal plus read noise at value %d",
    (value) => {
      const shotNoise = 0.0001;
      const read = 400 * Math.exp(2.18 * Math.log(shotNoise) + 1.2);
      const noisy = develop(fill([value, value, value]), { shotNoise, readNoise: 20 });
      const signal = linear(value);
      for (const channel of [0, 1, 2]) {
        const expected = shotNoise * signal + read;
        expect(Math.abs(varianceOf(channelOf(noisy, channel)) / expected - 1)).toBeLessThan(0.04);
      }
    },
  );

  it("neither darkens nor lightens what it makes noisy, dark parts included", () => {
    const clean = fill([0.08, 0.2, 0.7]);
    const camera = { shotNoise: 0.004, readNoise: 1, redGain: 2, demosaicing: "bilinear", toneCurve: 0.5 } as const;
    const noisy = develop(clean, camera);
    for (const channel of [0, 1, 2]) {
      const rest = [...noisy.data.filter((_, i) => i % 3 === channel)].map((value) => value - clean.data[channel]!);
      const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
      const deviation = Math.sqrt(varianceOf(rest));
      expect(255 * deviation).toBeGreaterThan(5);
      expect(Math.abs(mean)).toBeLessThan(0.06 * deviation);
    }
  });

  it("multiplies red and blue, and so their noise, by the gains of the white balance", () => {
    const noisy = develop(fill([0.5, 0.5, 0.5]), { shotNoise: 0.0005, redGain: 2, blueGain: 1.5 });
    const variances = [0, 1, 2].map((channel) => varianceOf(channelOf(noisy, channel)));
    // Half the signal on the sensor, times four.
    expect(variances[0]! / variances[1]!).toBeCloseTo(2, 0.7);
    expect(variances[2]! / variances[1]!).toBeCloseTo(1.5, 0.7);
  });

  it("weakens noise by a bilinear mosaic as the weights of its means say, and makes neighbours alike", () => {
    const clean = fill([0.5, 0.5, 0.5], 200);
    const noise = { shotNoise: 0.0005 } as const;
    const plain = develop(clean, noise);
    const mosaic = develop(clean, { ...noise, demosaicing: "bilinear" });
    const share = (channel: number) => varianceOf(channelOf(mosaic, channel)) / varianceOf(channelOf(plain, channel));
    expect(share(1)).toBeCloseTo((1 + 1 / 4) / 2, 1);
    expect(share(0)).toBeCloseTo((1 + 1 / 2 + 1 / 2 + 1 / 4) / 4, 1);
    expect(Math.abs(correlate(plain, clean, 0, 1))).toBeLessThan(0.02);
    expect(correlate(mosaic, clean, 0, 1)).toBeGreaterThan(0.4);
  });

  it("makes noise in chroma coarser than in luma, as cameras do", () => {
    const clean = fill([0.5, 0.5, 0.5], 200);
    const noisy = develop(clean, { shotNoise: 0.001, chromaBlurPx: 2 });
    const luma = (photo: Photo): Photo => {
      const { data } = toGrey(photo);
      return { ...photo, data: photo.data.map((_, i) => data[Math.floor(i / 3)]!) };
    };
    const [light, still] = [luma(noisy), luma(clean)];
    expect(Math.abs(correlate(light, still, 0, 1))).toBeLessThan(0.03);
    const colour = { ...noisy, data: noisy.data.map((value, i) => value - light.data[i]!) };
    expect(correlate(colour, { ...clean, data: clean.data.map(() => 0) }, 0, 1)).toBeGreaterThan(0.85);
  });

  it("softens the picture by the mosaic only where asked to", () => {
    const clean = makeRandomPhoto(24, 24, 3);
    const through = develop(clean, { demosaicing: "malvar", mosaicDetail: true });
    expect(measureNoiseBetween(through, clean).deviation255).toBeGreaterThan(10);
    const grey = fill([0.4, 0.4, 0.4], 24);
    develop(grey, { demosaicing: "malvar", mosaicDetail: true }).data.forEach((value) =>
      expect(value).toBeCloseTo(0.4, 4),
    );
  });

  it("clips and rounds to 8 bits where asked to", () => {
    const noisy = develop(fill([0.02, 0.5, 0.98], 32), { shotNoise: 0.02, readNoise: 1, eightBits: true });
    for (const value of noisy.data) {
      expect(255 * value).toBeCloseTo(Math.round(255 * value), 4);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it("takes a grey photo for a grey scene before a colour camera", () => {
    const colour = fill([0.5, 0.5, 0.5], 64);
    const grey: Photo = { ...colour, channels: 1, data: colour.data.filter((_, i) => i % 3 === 0) };
    const camera = firstNoise("camera");
    if (camera.kind !== "camera") throw new Error("a camera must be one");
    const noisy = addNoise(grey, camera, createRandom(5));
    expect(noisy).toEqual(toGrey(addNoise(colour, camera, createRandom(5))));
  });
});

describe("a camera's settings", () => {
  const usual = firstNoise("camera") as Camera;

  it("are the usual ones where only the kind is named", () => {
    expect(noiseSchema.parse({ kind: "camera" })).toEqual(usual);
    expect(noiseSchema.parse({ kind: "camera", shotNoise: "0.001..0.01" })).toEqual({
      ...usual,
      shotNoise: { from: 0.001, to: 0.01 },
    });
  });

  it("are drawn once, and give the same pixels as the ranges", () => {
    const clean = makeRandomPhoto(40, 33, 3);
    const random = createRandom(9, "settle");
    const settled = settleNoise(usual, random);
    expect(settleNoise(settled, random)).toEqual(settled);
    for (const [key, value] of Object.entries(settled)) if (key in OFF) expect(typeof value).not.toBe("object");
    expect(addNoise(clean, settled as Camera, random)).toEqual(addNoise(clean, usual, createRandom(9, "settle")));
  });

  it("draw shot noise evenly in its logarithm", () => {
    const random = createRandom(10);
    const range = { ...OFF, shotNoise: { from: 1e-4, to: 1e-2 } };
    const drawn = Array.from({ length: 2000 }, () => settleNoise(range, random) as Camera).map(
      (each) => each.shotNoise as number,
    );
    expect(drawn.filter((value) => value < 1e-3).length / 2000).toBeCloseTo(0.5, 1);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1e-2);
  });

  it("must not draw shot noise from 0 on, nor from ranges that end below their beginning", () => {
    const wrong = { ...usual, shotNoise: { from: 0, to: 0.01 }, jpegQuality: { from: 90, to: 80 } };
    expect(findNoiseContradictions(wrong, ["noise"]).map(({ path }) => path.join("."))).toEqual([
      "noise.jpegQuality.from",
      "noise.shotNoise.from",
    ]);
    expect(findNoiseContradictions(usual, ["noise"])).toEqual([]);
  });

  it.each([
    [{}, "camera"],
    [{ shotNoise: 0.004, jpeg: "4:2:0", jpegQuality: { from: 90, to: 95 } }, "camera-shot0.004-jpeg420-quality90..95"],
    [{ mosaicDetail: true, eightBits: false, demosaicing: "bilinear" }, "camera-mosaicbilinear-detailon-8bitoff"],
  ] as const)("that differ from the usual ones by %j name it %s", (settings, name) => {
    expect(describeNoise({ ...usual, ...settings })).toBe(name);
  });

  it("say how strong the noise may be, and that neither formula nor map is known", () => {
    expect(largestSigma255(OFF)).toBe(0);
    const photo = makeRandomPhoto(12, 12, 3);
    const settled = settleNoise(usual, createRandom(1));
    expect(expectHistogram(photo, settled, measureNoiseBetween(photo, photo).histogram)).toBeNull();
    expect(() => noiseMapOf(settled, photo)).toThrow(
      'a noise map needs noise whose strength is known: noise must be "gaussian" or "poisson_gaussian", got "camera"',
    );
  });
});

describe("camera noise in use", () => {
  const photo = { name: "a.png", clean: makeRandomPhoto(70, 60, 3, 1) };
  const camera = firstNoise("camera");

  it("is decided by seed and step in training", () => {
    const augmentation = { rescaleProbability: 0.5, rescaleFrom: 0.8, rescaleTo: 1.2, rotate: true, mirror: true };
    const batchesOf = (seed: number) =>
      createBatchSource({
        photos: [photo],
        batchSize: 3,
        patchSize: 24,
        augmentation,
        noise: camera,
        seed,
        stream: "training",
      });
    const batch = batchesOf(4).batch(7);
    expect(batchesOf(4).batch(7)).toEqual(batch);
    expect(batchesOf(4).batch(8).noisy).not.toEqual(batch.noisy);
    expect(batchesOf(5).batch(7).noisy).not.toEqual(batch.noisy);
    expect(batch.noisy.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("begins at any place of the mosaic", () => {
    // Read noise of one strength; white balance tells red pixels of the mosaic by theirs.
    const flat = fill([0.5, 0.5, 0.5], 16);
    const strongest = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const noisy = develop(flat, { shotNoise: 0.0005, redGain: 10, demosaicing: "bilinear" }, seed);
      const squares = [0, 1, 2, 3].map((phase) => {
        let sum = 0;
        noisy.data.forEach((value, i) => {
          const pixel = Math.floor(i / 3);
          if (i % 3 === 0 && (pixel % 2) + 2 * (Math.floor(pixel / 16) % 2) === phase) sum += (value - 0.5) ** 2;
        });
        return sum;
      });
      strongest.add(String(squares.indexOf(Math.max(...squares))));
    }
    expect([...strongest].sort()).toEqual(["0", "1", "2", "3"]);
  });

  it("is decided by seed and name in tests", () => {
    expect(makeNoisy(photo, camera, 1)).toEqual(makeNoisy(photo, camera, 1));
    expect(makeNoisy(photo, camera, 2).noisy).not.toEqual(makeNoisy(photo, camera, 1).noisy);
    expect(makeNoisy({ ...photo, name: "b.png" }, camera, 1).noisy).not.toEqual(makeNoisy(photo, camera, 1).noisy);
  });
});

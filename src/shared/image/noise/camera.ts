import { colourAt, demosaic, type Mosaic } from "#shared/image/camera/mosaic.ts";
import { simulateJpeg } from "#shared/image/camera/jpeg.ts";
import { createToneCurve, type ToneCurve } from "#shared/image/camera/toneCurve.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { toChannels, toGrey } from "#shared/image/grey.ts";
import type { Photo } from "#shared/image/photo.ts";
import { drawPoisson } from "#shared/random/poisson.ts";
import type { Random } from "#shared/random/random.ts";

import {
  CAMERA_DEFAULTS,
  CAMERA_RANGES,
  type CameraNoise,
  cameraSchema,
  describeCamera,
  type SettledCamera,
} from "./cameraSettings.ts";
import type { SyntheticModel } from "./noiseModel.ts";
import { drawFrom, findRangeContradictions, type Range } from "./range.ts";

/** Read noise beside shot noise, as variances: ln(read) = 2.18 ln(shot) + 1.20 (Brooks et al. 2019, section 3.1). */
const READ_POWER = 2.18;
const READ_OFFSET = 1.2;
/** Linear light of a grey that looks half bright: where the strength of the noise is told in one number. */
const MIDDLE_GREY = 0.2;
/** How steep sRGB's curve is there. */
const MIDDLE_SLOPE = 1.12;
/** The largest unit of a JPEG file: 2x2 blocks. */
const JPEG_UNIT_PX = 16;

/**
 * The noise of a camera's finished photos: shot and read noise on a Bayer mosaic in linear light, through white balance,
 * demosaicing, colour matrix, tone curve, the camera's denoising, 8 bits and JPEG. The clean photo, which has been through a camera
 * itself, stays the target as it is: it is brought back to linear light only to tell how strong noise is where, and what
 * becomes of it. A grey photo is a grey scene before the same colour camera, and the result is made grey. Science notes 8.
 */
export const cameraNoise: SyntheticModel<typeof cameraSchema, SettledCamera> = {
  isSynthetic: true,
  schema: cameraSchema,
  first: { kind: "camera", ...CAMERA_DEFAULTS },
  level: "shotNoise",
  settle: (noise, random) => settleCamera(noise, random),
  describe: describeCamera,
  largestSigma255: ({ shotNoise, readNoise, redGain, blueGain }) => {
    const shot = largest(shotNoise);
    const read = readVarianceOf(shot, largest(readNoise));
    const gain = Math.max(1, largest(redGain), largest(blueGain));
    return 255 * MIDDLE_SLOPE * Math.sqrt(gain * shot * MIDDLE_GREY + gain * gain * read);
  },
  contradictions: (noise, path) => {
    const { shotNoise } = noise;
    const name = [...path, "shotNoise"].join(".");
    const isEndless = typeof shotNoise !== "number" && shotNoise.from === 0;
    const what = `${name}.from must be above 0, for a range of it is drawn evenly in its logarithm, got 0`;
    return [
      ...CAMERA_RANGES.flatMap((key) => findRangeContradictions(noise[key], [...path, key])),
      ...(isEndless ? [{ path: [...path, "shotNoise", "from"], what }] : []),
    ];
  },
  add: (clean, camera, random) => {
    const offsets = drawOffsets(random);
    const photo = toChannels(clean, 3);
    const noise = addUp(photo, camera, offsets.mosaic, random);
    const developed = finish({ ...photo, data: noise }, camera, offsets.jpeg);
    return clean.channels === 1 ? toGrey(developed).data : developed.data;
  },
  expect: null,
  deviations: null,
};

/** One number of each range, in the order of `CAMERA_RANGES`, then the sampling of chroma; numbers draw nothing. */
function settleCamera(noise: CameraNoise, random: Random): SettledCamera {
  const { shotNoise, readNoise, redGain, blueGain, colourMatrix, toneCurve, lumaBlurPx, chromaBlurPx } = noise;
  return {
    ...noise,
    shotNoise: drawLogarithmic(shotNoise, random),
    readNoise: drawFrom(readNoise, random.uniform),
    redGain: drawFrom(redGain, random.uniform),
    blueGain: drawFrom(blueGain, random.uniform),
    colourMatrix: drawFrom(colourMatrix, random.uniform),
    toneCurve: drawFrom(toneCurve, random.uniform),
    lumaBlurPx: drawFrom(lumaBlurPx, random.uniform),
    chromaBlurPx: drawFrom(chromaBlurPx, random.uniform),
    jpegQuality: Math.round(drawFrom(noise.jpegQuality, random.uniform)),
    jpeg: noise.jpeg === "either" ? (random.uniform() < 0.5 ? "4:4:4" : "4:2:0") : noise.jpeg,
  };
}

function drawLogarithmic(range: Range, random: Random): number {
  if (typeof range === "number") return range;
  return Math.exp(drawFrom({ from: Math.log(range.from), to: Math.log(range.to) }, random.uniform));
}

function largest(range: Range): number {
  return typeof range === "number" ? range : range.to;
}

function readVarianceOf(shotNoise: number, readNoise: number): number {
  if (shotNoise === 0) return 0;
  return readNoise ** 2 * Math.exp(READ_POWER * Math.log(shotNoise) + READ_OFFSET);
}

/** Where in the mosaic and in the grid of JPEG's blocks the photo begins; drawn whatever the settings are. */
function drawOffsets(random: Random) {
  return {
    mosaic: { x: random.integer(2), y: random.integer(2) },
    jpeg: { x: random.integer(JPEG_UNIT_PX), y: random.integer(JPEG_UNIT_PX) },
  };
}

/** The photo's values with the camera's noise, not yet clipped or rounded. */
function addUp(photo: Photo, camera: SettledCamera, offset: Mosaic["offset"], random: Random): Float32Array {
  const curve = createToneCurve(camera.toneCurve);
  const linear = new Float64Array(photo.data.length);
  for (let i = 0; i < linear.length; i++) linear[i] = curve.toLinear(photo.data[i] ?? NaN);
  const sensed = senseNoise(photo, toSensor(linear, camera.colourMatrix), camera, offset, random);
  const noise = develop(linear, toFile(sensed, camera.colourMatrix), curve);
  const noisy = blurNoise({ ...photo, data: noise }, camera);
  for (let i = 0; i < noisy.length; i++) noisy[i] = (noisy[i] ?? NaN) + (photo.data[i] ?? NaN);
  return noisy;
}

/**
 * From linear sRGB to a sensor's duller colours, in place of a matrix `I + c (I - others / 2)` the other way; greys stay. Its
 * inverse has no negative entry, so that a sensor never sees less than nothing.
 */
function toSensor(linear: Float64Array, strength: number): Float64Array {
  const sensed = new Float64Array(linear.length);
  const own = 1 / (1 + 1.5 * strength);
  const shared = (own * strength) / 2;
  for (let i = 0; i < linear.length; i += 3) {
    const sum = shared * ((linear[i] ?? NaN) + (linear[i + 1] ?? NaN) + (linear[i + 2] ?? NaN));
    for (let c = i; c < i + 3; c++) sensed[c] = own * (linear[c] ?? NaN) + sum;
  }
  return sensed;
}

/** From a sensor's colours to linear sRGB. */
function toFile(sensed: Float64Array, strength: number): Float64Array {
  const own = 1 + 1.5 * strength;
  const shared = strength / 2;
  const linear = new Float64Array(sensed.length);
  for (let i = 0; i < sensed.length; i += 3) {
    const sum = shared * ((sensed[i] ?? NaN) + (sensed[i + 1] ?? NaN) + (sensed[i + 2] ?? NaN));
    for (let c = i; c < i + 3; c++) linear[c] = own * (sensed[c] ?? NaN) - sum;
  }
  return linear;
}

/** What the sensor adds to each channel `[H, W, 3]`, balanced and demosaiced; with `mosaicDetail` also what the mosaic changes. */
function senseNoise(
  { width, height }: Photo,
  signal: Float64Array,
  camera: SettledCamera,
  offset: Mosaic["offset"],
  random: Random,
): Float64Array {
  const { shotNoise, demosaicing, mosaicDetail } = camera;
  const deviation = Math.sqrt(readVarianceOf(shotNoise, camera.readNoise));
  const gains = [camera.redGain, 1, camera.blueGain] as const;
  // The white balance weakens the signal on the sensor, and strengthens it again with its noise.
  const drawNoise = (value: number, colour: 0 | 1 | 2): number => {
    if (shotNoise === 0) return 0;
    const raw = value / gains[colour];
    return gains[colour] * (shotNoise * drawPoisson(raw / shotNoise, random) - raw + deviation * random.gaussian());
  };
  if (demosaicing === "none") {
    const colours = [0, 1, 2] as const;
    return signal.map((value, i) => drawNoise(value, colours[i % 3] ?? 0));
  }
  const data = new Float64Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const colour = colourAt(x, y, offset);
      const value = signal[3 * i + colour] ?? NaN;
      data[i] = drawNoise(value, colour) + (mosaicDetail ? value : 0);
    }
  }
  const colours = demosaic({ width, height, offset, data }, demosaicing);
  if (mosaicDetail) for (let i = 0; i < colours.length; i++) colours[i] = (colours[i] ?? NaN) - (signal[i] ?? NaN);
  return colours;
}

/**
 * What noise in linear light becomes in a file: half the difference that it makes upwards and downwards. A bent curve alone would
 * darken what is noisy, and a network would learn to lighten it; the clean photo is taken for the mean of what the camera gives.
 */
function develop(linear: Float64Array, noise: Float64Array, { toDisplayed }: ToneCurve): Float32Array {
  const displayed = new Float32Array(noise.length);
  for (let i = 0; i < displayed.length; i++) {
    const clean = linear[i] ?? NaN;
    const value = noise[i] ?? NaN;
    displayed[i] = (toDisplayed(clean + value) - toDisplayed(clean - value)) / 2;
  }
  return displayed;
}

/** Takes the finest noise away as cameras do, with more of it in chroma than in luma. */
function blurNoise(noise: Photo, { lumaBlurPx, chromaBlurPx }: SettledCamera): Float32Array {
  if (lumaBlurPx === 0 && chromaBlurPx === 0) return noise.data;
  const luma = toGrey(noise);
  const chroma = noise.data;
  for (let i = 0, pixel = 0; i < chroma.length; i += 3, pixel++) {
    for (let c = i; c < i + 3; c++) chroma[c] = (chroma[c] ?? NaN) - (luma.data[pixel] ?? NaN);
  }
  const soft = gaussianBlur(noise, chromaBlurPx).data;
  const light = gaussianBlur(luma, lumaBlurPx).data;
  for (let i = 0, pixel = 0; i < soft.length; i += 3, pixel++) {
    for (let c = i; c < i + 3; c++) soft[c] = (soft[c] ?? NaN) + (light[pixel] ?? NaN);
  }
  return soft;
}

/** Clips and rounds to 8 bits, and writes and reads a JPEG file. */
function finish(photo: Photo, camera: SettledCamera, offset: Mosaic["offset"]): Photo {
  const { jpeg, jpegQuality, eightBits } = camera;
  if (jpeg !== "none") return simulateJpeg(photo, { quality: jpegQuality, sampling: jpeg, offset });
  if (!eightBits) return photo;
  const data = new Float32Array(photo.data.length);
  for (let i = 0; i < data.length; i++)
    data[i] = Math.round(255 * Math.min(1, Math.max(0, photo.data[i] ?? NaN))) / 255;
  return { ...photo, data };
}

declare module "./noiseModel.ts" {
  interface NoiseModels {
    camera: typeof cameraNoise;
  }
}

import { z } from "zod";

import { DEMOSAICINGS } from "#shared/image/camera/mosaic.ts";

import { describeRange, numberOrRangeSchema, type Range } from "./range.ts";

/** A number of its own, or one per patch or photo. */
const drawn = (number: z.ZodNumber, range: Range) => numberOrRangeSchema(number).default(range);

/**
 * Where each range comes from, and how real photos compare: science notes 8. Never changed: names of recipes leave out what is as
 * it stands here.
 */
export const CAMERA_DEFAULTS = {
  shotNoise: { from: 0.0001, to: 0.012 },
  readNoise: { from: 0.77, to: 1.3 },
  redGain: { from: 1.9, to: 2.4 },
  blueGain: { from: 1.5, to: 1.9 },
  demosaicing: "malvar",
  mosaicDetail: false,
  colourMatrix: { from: 0, to: 0.5 },
  toneCurve: { from: 0, to: 1 },
  lumaBlurPx: { from: 0, to: 1 },
  chromaBlurPx: { from: 0, to: 2 },
  eightBits: true,
  jpeg: "either",
  jpegQuality: { from: 60, to: 100 },
} as const;

/** The settings of a camera, in the order of its steps. */
export const cameraSchema = z.strictObject({
  kind: z.literal("camera"),
  shotNoise: drawn(z.number().min(0).max(1), CAMERA_DEFAULTS.shotNoise).describe(
    "Noise of photons: variance per unit of signal on the sensor, both on the 0..1 scale; drawn evenly in its logarithm. 0 switches off both noises of the sensor.",
  ),
  readNoise: drawn(z.number().min(0).max(100), CAMERA_DEFAULTS.readNoise).describe(
    "Noise of reading out: its standard deviation as a multiple of what cameras have beside the shot noise drawn. 0 switches it off.",
  ),
  redGain: drawn(z.number().min(1).max(10), CAMERA_DEFAULTS.redGain).describe(
    "White balance: what the sensor's red is multiplied by, noise and all. 1 leaves it.",
  ),
  blueGain: drawn(z.number().min(1).max(10), CAMERA_DEFAULTS.blueGain).describe("The same for blue."),
  demosaicing: z
    .enum(DEMOSAICINGS)
    .default(CAMERA_DEFAULTS.demosaicing)
    .describe(
      "How the mosaic's missing colours are found: malvar (5x5 filters), bilinear, or none: every pixel has a sensor for each colour.",
    ),
  mosaicDetail: z
    .boolean()
    .default(CAMERA_DEFAULTS.mosaicDetail)
    .describe(
      "Takes the picture through mosaic and demosaicing too, which softens it; off, noise alone, for a photo has been through it.",
    ),
  colourMatrix: drawn(z.number().min(0).max(2), CAMERA_DEFAULTS.colourMatrix).describe(
    "From the sensor's dull colours to those of a file: what half the sum of the other two channels is taken off each channel, times this.",
  ),
  toneCurve: drawn(z.number().min(0).max(1), CAMERA_DEFAULTS.toneCurve).describe(
    "Strength of the S-curve for contrast after sRGB's curve; 0 is sRGB alone.",
  ),
  lumaBlurPx: drawn(z.number().min(0).max(10), CAMERA_DEFAULTS.lumaBlurPx).describe(
    "The camera's own denoising: sigma in pixels of a Gaussian over the noise in luma. 0 is none.",
  ),
  chromaBlurPx: drawn(z.number().min(0).max(10), CAMERA_DEFAULTS.chromaBlurPx).describe("The same in chroma."),
  eightBits: z
    .boolean()
    .default(CAMERA_DEFAULTS.eightBits)
    .describe("Clips to 0..1 and rounds to 8 bits; a JPEG file always is so."),
  jpeg: z
    .enum(["none", "4:4:4", "4:2:0", "either"])
    .default(CAMERA_DEFAULTS.jpeg)
    .describe("JPEG at the end, with chroma per pixel (4:4:4), per 2x2 pixels (4:2:0), or one of both, or none."),
  jpegQuality: drawn(z.number().min(1).max(100), CAMERA_DEFAULTS.jpegQuality).describe(
    "Quality of the JPEG file, 1..100 as programs count it; drawn evenly, and rounded.",
  ),
});

export type CameraNoise = Readonly<z.infer<typeof cameraSchema>>;

/** A camera with one photo's numbers. */
export interface SettledCamera extends CameraNoise {
  readonly shotNoise: number;
  readonly readNoise: number;
  readonly redGain: number;
  readonly blueGain: number;
  readonly colourMatrix: number;
  readonly toneCurve: number;
  readonly lumaBlurPx: number;
  readonly chromaBlurPx: number;
  readonly jpeg: Exclude<CameraNoise["jpeg"], "either">;
  readonly jpegQuality: number;
}

/** The settings that are a number or a range, in the order in which they are drawn. */
export const CAMERA_RANGES = [
  "shotNoise",
  "readNoise",
  "redGain",
  "blueGain",
  "colourMatrix",
  "toneCurve",
  "lumaBlurPx",
  "chromaBlurPx",
  "jpegQuality",
] as const satisfies readonly (keyof CameraNoise)[];

/** What a setting is called in the names of files and recipes. */
const SHORT_NAMES: Readonly<Record<Exclude<keyof CameraNoise, "kind">, string>> = {
  shotNoise: "shot",
  readNoise: "read",
  redGain: "red",
  blueGain: "blue",
  demosaicing: "mosaic",
  mosaicDetail: "detail",
  colourMatrix: "matrix",
  toneCurve: "tone",
  lumaBlurPx: "luma",
  chromaBlurPx: "chroma",
  eightBits: "8bit",
  jpeg: "jpeg",
  jpegQuality: "quality",
};

/** Names a camera by what is not as usual, e.g. `camera-shot0.004-quality90..100`; `camera` where all is. */
export function describeCamera(noise: CameraNoise): string {
  const { kind, ...settings } = noise;
  const parts = CAMERA_KEYS.filter(
    (key) => describeSetting(settings[key]) !== describeSetting(CAMERA_DEFAULTS[key]),
  ).map((key) => `${SHORT_NAMES[key]}${describeSetting(settings[key]).replaceAll(":", "")}`);
  return [kind, ...parts].join("-");
}

const CAMERA_KEYS = Object.keys(SHORT_NAMES).filter(
  (key): key is keyof typeof CAMERA_DEFAULTS => key in CAMERA_DEFAULTS,
);

function describeSetting(value: Range | string | boolean): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "on" : "off";
  return describeRange(value);
}

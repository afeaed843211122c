import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import { NOISE_SIDE, type NoiseTile, sampleNoise } from "./noiseTile.ts";

/** Red, green and blue, nominally 0..1. */
export type Colour = readonly [number, number, number];

/** Draws the two colours of the thing whose centre is at a point of the picture, in shares of its longer side. */
export type Palette = (x: number, y: number) => { readonly base: Colour; readonly change: Colour };

/** How far the brightness of the scene wanders within one picture, and how far things differ from it. */
const SCENE_SPREAD = 0.15;
const THING_SPREAD = 0.11;

/**
 * Draws a picture's palette: a few related tints of low saturation; brightness follows a slowly changing scene light, from
 * which most things differ little and some much, so that edges of all contrasts occur. `change` is what a surface pattern of
 * strength 1 adds to `base`; its contrast is log-uniform, so faint patterns are as common as bold ones.
 */
export function drawPalette(noise: NoiseTile, random: Random): Palette {
  const tints = Array.from({ length: 2 + random.integer(3) }, () => ({
    blue: 0.05 * random.gaussian(),
    red: 0.05 * random.gaussian(),
  }));
  const key = 0.25 + 0.3 * random.uniform();
  const offset = NOISE_SIDE * random.uniform();
  const scene = (x: number, y: number) =>
    sampleNoise(noise, offset + 0.4 * NOISE_SIDE * x, offset + 0.4 * NOISE_SIDE * y);
  return (x, y) => {
    const tint = at(tints, random.integer(tints.length), "palette: tint");
    const difference = THING_SPREAD * random.gaussian() * (0.5 + 2 * random.uniform() ** 2);
    const luma = Math.min(0.97, Math.max(0.03, key + SCENE_SPREAD * scene(x, y) + difference));
    const vividness = Math.sqrt(luma * (1 - luma)) * 2;
    const blue = (tint.blue + 0.02 * random.gaussian()) * vividness;
    const red = (tint.red + 0.02 * random.gaussian()) * vividness;
    const contrast = 0.04 * 6 ** random.uniform();
    return { base: toColour(luma, blue, red), change: toColour(contrast, 0.2 * contrast * random.gaussian(), 0) };
  };
}

/** Turns brightness and the two colour differences (ITU-R 601) into red, green and blue. */
function toColour(luma: number, blue: number, red: number): Colour {
  return [luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue];
}

import type { Random } from "#shared/random/random.ts";
import { NOISE_SIDE, type NoiseTile, sampleNoise } from "./noiseTile.ts";

/** Brightness pattern of a surface at a point in pixels from its centre; about -1..1. */
export type Surface = (x: number, y: number) => number;

/** Shares of the surfaces that are smooth, and that carry regular stripes; the others are rough. */
const SMOOTH_SHARE = 0.15;
const GRATING_SHARE = 0.15;

/** Draws the surface of one leaf of radius `reach` pixels: a smooth shade, and on most leaves a texture. */
export function drawSurface(reach: number, noise: NoiseTile, random: Random): Surface {
  const shade = drawShade(reach, random);
  const kind = random.uniform();
  if (kind < SMOOTH_SHARE) return shade;
  const strength = 0.3 + 0.7 * random.uniform();
  const texture = kind < SMOOTH_SHARE + GRATING_SHARE ? drawGrating(random) : drawRoughness(noise, random);
  return (x, y) => shade(x, y) + strength * texture(x, y);
}

/** A slope with some curvature, as light gives to bent surfaces. */
function drawShade(reach: number, random: Random): Surface {
  const slope = 0.8 * random.uniform();
  const angle = 2 * Math.PI * random.uniform();
  const slopeX = (slope * Math.cos(angle)) / reach;
  const slopeY = (slope * Math.sin(angle)) / reach;
  const bend = (random.uniform() - 0.5) / (reach * reach);
  return (x, y) => slopeX * x + slopeY * y + bend * (x * x + y * y);
}

/** Parallel stripes, or where two gratings cross, a weave; wavelengths 2.5 to 20 pixels, soft or sharp flanks. */
function drawGrating(random: Random): Surface {
  const wavelength = 2.5 * 8 ** random.uniform();
  const angle = Math.PI * random.uniform();
  const frequency = (2 * Math.PI) / wavelength;
  const fx = frequency * Math.cos(angle);
  const fy = frequency * Math.sin(angle);
  const sharpness = wavelength < 6 ? 1 : 1 + 4 * random.uniform();
  const isWoven = random.uniform() < 0.3;
  const wave = (phase: number) => Math.max(-1, Math.min(1, sharpness * Math.sin(phase)));
  if (isWoven) return (x, y) => wave(fx * x + fy * y) * wave(fx * y - fy * x);
  return (x, y) => wave(fx * x + fy * y);
}

/** Grain such as grass, stone, bark or fur: the noise tile, scaled, turned and stretched. */
function drawRoughness(noise: NoiseTile, random: Random): Surface {
  const angle = Math.PI * random.uniform();
  const zoom = 0.6 * 6 ** random.uniform();
  const stretch = 1 + 4 * random.uniform() ** 2;
  const offset = NOISE_SIDE * random.uniform();
  const ux = Math.cos(angle) * zoom;
  const uy = Math.sin(angle) * zoom;
  return (x, y) => 0.7 * sampleNoise(noise, offset + ux * x + uy * y, offset + (ux * y - uy * x) / stretch);
}

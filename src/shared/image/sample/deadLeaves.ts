import type { Random } from "#shared/random/random.ts";
import type { Photo } from "#shared/image/photo.ts";
import { gaussianBlur } from "#shared/image/gaussianBlur.ts";
import { type Inside, drawOutline } from "./leafShape.ts";
import { type Surface, drawSurface } from "./leafSurface.ts";
import { type NoiseTile, drawNoiseTile } from "./noiseTile.ts";
import { type Palette, drawPalette } from "./palette.ts";

/** Samples per pixel and axis; their mean gives edges the softness a lens and sensor give. */
const SUPERSAMPLING = 2;

/** The share of the picture that leaves cover before the background fills the rest, from and to. */
const COVERAGE = { from: 0.75, to: 1 } as const;

/** A bound on the number of leaves, never reached by ordinary draws. */
const MOST_LEAVES = 6000;

/** One opaque thing: an outline at a place, with a surface. */
interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly angle: number;
  readonly inside: Inside;
  readonly paint: Paint;
}

interface Paint {
  readonly surface: Surface;
  readonly base: readonly [number, number, number];
  readonly change: readonly [number, number, number];
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  readonly isCovered: Uint8Array;
}

/**
 * Draws a colour picture `[H, W, 3]`, 0..1, with the statistics of photos by the dead leaves model (Lee, Mumford and
 * Huang 2001): opaque things of power-law sizes hide one another. Things are painted front to back, each only where nothing
 * is yet, so every sample is computed once.
 */
export function drawDeadLeaves(width: number, height: number, random: Random): Photo {
  const canvas = createCanvas(width * SUPERSAMPLING, height * SUPERSAMPLING);
  const noise = drawNoiseTile(random);
  const palette = drawPalette(noise, random);
  const drawRadius = drawSizeLaw(Math.max(width, height), random);
  const wanted = (COVERAGE.from + (COVERAGE.to - COVERAGE.from) * random.uniform()) * canvas.width * canvas.height;
  let covered = 0;
  for (let count = 0; count < MOST_LEAVES && covered < wanted; count++) {
    covered += paintLeaf(canvas, drawLeaf(width, height, drawRadius(), { noise, palette }, random));
  }
  const background = drawPaint(Math.max(width, height), { x: 0.5, y: 0.5 }, { noise, palette }, random);
  paintBackground(canvas, background);
  const picture = shrink(canvas, width, height);
  const focused = gaussianBlur(picture, 0.6 * random.uniform());
  return { ...focused, data: focused.data.map((value) => Math.min(1, Math.max(0, value))) };
}

function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Float32Array(width * height * 3), isCovered: new Uint8Array(width * height) };
}

/** Draws radii with density proportional to r^-3 between a smallest (drawn per picture) and half the picture's side. */
function drawSizeLaw(side: number, random: Random): () => number {
  const smallest = 2 * 8 ** random.uniform();
  const largest = Math.max(2 * smallest, side / 2);
  const ratio = (smallest / largest) ** 2;
  return () => smallest / Math.sqrt(1 - random.uniform() * (1 - ratio));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Materials {
  readonly noise: NoiseTile;
  readonly palette: Palette;
}

function drawLeaf(width: number, height: number, radius: number, materials: Materials, random: Random): Leaf {
  const elongation = 1 + 5 * random.uniform() ** 4;
  const side = Math.max(width, height);
  const x = (width + 2 * radius) * random.uniform() - radius;
  const y = (height + 2 * radius) * random.uniform() - radius;
  return {
    x,
    y,
    halfWidth: radius * Math.sqrt(elongation),
    halfHeight: radius / Math.sqrt(elongation),
    angle: Math.PI * random.uniform(),
    inside: drawOutline(random),
    paint: drawPaint(radius, { x: x / side, y: y / side }, materials, random),
  };
}

function drawPaint(reach: number, at: Point, { noise, palette }: Materials, random: Random): Paint {
  return { surface: drawSurface(reach, noise, random), ...palette(at.x, at.y) };
}

/** Paints a leaf behind everything painted before; returns how many samples it covered. */
function paintLeaf(canvas: Canvas, leaf: Leaf): number {
  const { x, y, halfWidth, halfHeight, angle, inside, paint } = leaf;
  const reach = Math.SQRT2 * Math.max(halfWidth, halfHeight);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let covered = 0;
  const lastRow = Math.min(canvas.height - 1, Math.ceil((y + reach) * SUPERSAMPLING));
  const lastColumn = Math.min(canvas.width - 1, Math.ceil((x + reach) * SUPERSAMPLING));
  for (let row = Math.max(0, Math.floor((y - reach) * SUPERSAMPLING)); row <= lastRow; row++) {
    const dy = (row + 0.5) / SUPERSAMPLING - y;
    for (let column = Math.max(0, Math.floor((x - reach) * SUPERSAMPLING)); column <= lastColumn; column++) {
      const sample = row * canvas.width + column;
      if (canvas.isCovered[sample] === 1) continue;
      const dx = (column + 0.5) / SUPERSAMPLING - x;
      if (!inside((cos * dx + sin * dy) / halfWidth, (cos * dy - sin * dx) / halfHeight)) continue;
      canvas.isCovered[sample] = 1;
      covered++;
      paintSample(canvas, sample, paint, dx, dy);
    }
  }
  return covered;
}

function paintBackground(canvas: Canvas, paint: Paint): void {
  const { width, height } = canvas;
  for (let sample = 0; sample < width * height; sample++) {
    if (canvas.isCovered[sample] === 1) continue;
    const dx = ((sample % width) - width / 2) / SUPERSAMPLING;
    const dy = (Math.floor(sample / width) - height / 2) / SUPERSAMPLING;
    paintSample(canvas, sample, paint, dx, dy);
  }
}

function paintSample(canvas: Canvas, sample: number, { surface, base, change }: Paint, dx: number, dy: number): void {
  const strength = surface(dx, dy);
  canvas.data[3 * sample] = base[0] + strength * change[0];
  canvas.data[3 * sample + 1] = base[1] + strength * change[1];
  canvas.data[3 * sample + 2] = base[2] + strength * change[2];
}

/** Averages the samples of each pixel. */
function shrink(canvas: Canvas, width: number, height: number): Photo {
  const data = new Float32Array(width * height * 3);
  const share = 1 / SUPERSAMPLING ** 2;
  for (let row = 0; row < canvas.height; row++) {
    const targetRow = Math.floor(row / SUPERSAMPLING) * width;
    for (let column = 0; column < canvas.width; column++) {
      const from = 3 * (row * canvas.width + column);
      const to = 3 * (targetRow + Math.floor(column / SUPERSAMPLING));
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = (data[to + channel] ?? NaN) + share * (canvas.data[from + channel] ?? NaN);
      }
    }
  }
  return { width, height, channels: 3, data };
}

import { LabError } from "#shared/labError.ts";
import type { Rectangle } from "./geometry.ts";
import type { Photo } from "./photo.ts";

/** A part of a photo: the network needs the pixels of `input` (with halo, cut at the photo's edges) for those of `output`. */
export interface Tile {
  readonly input: Rectangle;
  readonly output: Rectangle;
}

/** A finer cut would spend nearly all the work on the halo, so asking for more memory is the better answer. */
const SMALLEST_STEP_PX = 16;

/** A tile along one axis: where its input and its output begin and end. */
interface Span {
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
}

/**
 * Cuts a photo into the tiles that need the least work while each fits the memory budget; the whole photo is one where
 * that fits. The outputs cover every pixel exactly once. `halo` is the margin that inputs add: with half the receptive
 * field or more the stitched result equals the whole-photo result, for the photo's edges stay edges and nothing is mirrored.
 * Tiles begin at multiples of `step` pixels, and so must the halo
 * and the photo end. `bytesPerPixel` is what the network needs per input pixel. Throws memory where not even the finest cut fits.
 */
export function planTiles(options: {
  width: number;
  height: number;
  halo: number;
  step?: number;
  bytesPerPixel: number;
  memoryBudgetMb: number;
}): Tile[] {
  const { step = 1, bytesPerPixel, memoryBudgetMb } = options;
  // In steps: lengths in which tiles may begin and end.
  const [width, height, halo] = [options.width / step, options.height / step, options.halo / step];
  const pixels = (memoryBudgetMb * 1024 * 1024) / bytesPerPixel / step ** 2;
  const rowCuts = cutsOf(height, halo);
  const choices = cutsOf(width, halo).flatMap((columns) => {
    const rows = rowCuts.find((cut) => longest(columns) * longest(cut) <= pixels);
    return rows === undefined ? [] : [{ columns, rows, work: total(columns) * total(rows) }];
  });
  const [first, ...others] = choices;
  if (first === undefined) {
    const neededMb = Math.ceil(
      (finest(width, halo) * finest(height, halo) * step ** 2 * bytesPerPixel) / (1024 * 1024),
    );
    throw new LabError(
      "memory",
      `this network needs a memory budget of at least ${neededMb} MB, got ${memoryBudgetMb} MB`,
    );
  }
  const { columns, rows } = others.reduce((best, choice) => (choice.work < best.work ? choice : best), first);
  return rows.flatMap((row) => columns.map((column) => crossing(column, row, step)));
}

/** Grows an area by a margin on each side, but not over the edges of its photo. */
export function growWithin(
  { width, height }: { width: number; height: number },
  area: Rectangle,
  margin: number,
): Rectangle {
  const x = Math.max(0, area.x - margin);
  const y = Math.max(0, area.y - margin);
  return {
    x,
    y,
    width: Math.min(width, area.x + area.width + margin) - x,
    height: Math.min(height, area.y + area.height + margin) - y,
  };
}

/** Puts the tiles of a photo together again. */
export interface Stitcher {
  /** Takes a tile's output `[height, width, C]`. */
  add(output: Rectangle, data: Float32Array): void;
  /** Returns the photo; throws where pixels are missing. */
  finish(): Photo;
}

/** Creates a stitcher for the tiles that `planTiles` planned. */
export function createStitcher(width: number, height: number, channels: 1 | 3): Stitcher {
  const whole = new Float32Array(width * height * channels);
  let covered = 0;
  return {
    add: (output, data) => {
      const row = output.width * channels;
      if (data.length !== output.height * row) {
        throw new Error(`stitcher: tile data must have ${output.height * row} values, got ${data.length}`);
      }
      for (let y = 0; y < output.height; y++) {
        whole.set(data.subarray(y * row, (y + 1) * row), ((output.y + y) * width + output.x) * channels);
      }
      covered += output.width * output.height;
    },
    finish: () => {
      if (covered !== width * height) {
        throw new Error(`stitcher: tiles must cover ${width * height} pixels once, got ${covered}`);
      }
      return { width, height, channels, data: whole };
    },
  };
}

/** All cuts of a length, coarsest first. */
function cutsOf(length: number, halo: number): Span[][] {
  return Array.from({ length: mostParts(length, halo) }, (_, index) => cutLength(length, halo, index + 1));
}

/** Cuts a length into parts whose inputs are as even as whole pixels allow: those at the ends have only one halo. */
function cutLength(length: number, halo: number, parts: number): Span[] {
  if (parts === 1) return [{ input: [0, length], output: [0, length] }];
  const steps = length - 2 * halo;
  return Array.from({ length: parts }, (_, index) => {
    const from = Math.floor((index * steps) / parts);
    const to = Math.floor(((index + 1) * steps) / parts);
    return {
      input: [from, to + 2 * halo],
      output: [index === 0 ? 0 : from + halo, index === parts - 1 ? length : to + halo],
    };
  });
}

function mostParts(length: number, halo: number): number {
  return Math.max(1, Math.ceil((length - 2 * halo) / SMALLEST_STEP_PX));
}

function finest(length: number, halo: number): number {
  return longest(cutLength(length, halo, mostParts(length, halo)));
}

function longest(cut: readonly Span[]): number {
  return Math.max(...cut.map(({ input: [from, to] }) => to - from));
}

function total(cut: readonly Span[]): number {
  return cut.reduce((sum, { input: [from, to] }) => sum + to - from, 0);
}

function crossing(column: Span, row: Span, step: number): Tile {
  const rectangle = (axis: keyof Span): Rectangle => {
    const [x, right] = [column[axis][0] * step, column[axis][1] * step];
    const [y, bottom] = [row[axis][0] * step, row[axis][1] * step];
    return { x, y, width: right - x, height: bottom - y };
  };
  return { input: rectangle("input"), output: rectangle("output") };
}

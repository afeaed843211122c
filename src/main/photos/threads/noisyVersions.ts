import { at } from "#shared/at.ts";
import { crop, type Rectangle } from "#shared/image/geometry.ts";
import { isSynthetic, makeNoisy, type SettledNoise } from "#shared/image/noise.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { LabError } from "#shared/labError.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";

/** A part of a photo as a network gets it in a test. */
export interface NoisyPart {
  readonly area: Rectangle;
  readonly noisy: Photo;
  readonly noise: SettledNoise;
}

/** How a photo is made noisy for a test. */
export type NoisyWish = Pick<EvaluationConfig, "noise" | "protocol"> & { readonly noiseSeed: number };

/** Published code: tiles of 64 pixels that begin every 48 (`crop - crop / 4`), the last one flush with the edge. */
const TILE_PX = 64;
const STRIDE_PX = 48;

/** Throws LabError `bad_config` where a protocol cannot be had with a noise. */
export function checkProtocol({ noise, protocol }: Pick<EvaluationConfig, "noise" | "protocol">): void {
  if (protocol !== "reference_tiles" || isSynthetic(noise)) return;
  throw new LabError(
    "bad_config",
    `protocol "reference_tiles" draws fresh noise for every tile, which noise "${noise.kind}" does not have`,
  );
}

/**
 * Makes a photo noisy as a protocol wants it: as a whole with one draw of noise, or in overlapping tiles with a draw each,
 * which shows a network two or four independent observations of the pixels where tiles overlap.
 */
export function drawNoisy(photo: NamedPhoto, { noise, protocol, noiseSeed }: NoisyWish): readonly NoisyPart[] {
  const { width, height } = photo.clean;
  if (protocol === "whole_image") {
    return [{ area: { x: 0, y: 0, width, height }, ...makeNoisy(photo, noise, noiseSeed) }];
  }
  return spansOf(height).flatMap(([y, tileHeight]) =>
    spansOf(width).map(([x, tileWidth]) => {
      const area = { x, y, width: tileWidth, height: tileHeight };
      const tile = { name: `${photo.name} at ${x}, ${y}`, clean: crop(photo.clean, area) };
      return { area, ...makeNoisy(tile, noise, noiseSeed) };
    }),
  );
}

/** Puts parts that cover a photo together again, averaged where they overlap; nothing is clipped. */
export function averageParts(
  { width, height, channels }: Photo,
  parts: readonly { readonly area: Rectangle; readonly photo: Photo }[],
): Photo {
  if (parts.length === 1) return at(parts, 0, "evaluation: part").photo;
  const sum = new Float64Array(width * height * channels);
  const count = new Uint8Array(sum.length);
  for (const { area, photo } of parts) {
    const row = area.width * channels;
    for (const [index, value] of photo.data.entries()) {
      const to = ((area.y + Math.floor(index / row)) * width + area.x) * channels + (index % row);
      sum[to] = (sum[to] ?? NaN) + value;
      count[to] = (count[to] ?? NaN) + 1;
    }
  }
  // `from` with a function would make a list of all values first.
  const data = new Float32Array(sum.length);
  for (let i = 0; i < data.length; i++) data[i] = (sum[i] ?? NaN) / (count[i] ?? NaN);
  return { width, height, channels, data };
}

/** Where tiles begin along a length, and how long they are. */
function spansOf(length: number): readonly (readonly [from: number, length: number])[] {
  if (length <= TILE_PX) return [[0, length]];
  const regular = Math.ceil((length - TILE_PX) / STRIDE_PX);
  const starts = [...Array.from({ length: regular }, (_, index) => index * STRIDE_PX), length - TILE_PX];
  return starts.map((from) => [from, TILE_PX]);
}

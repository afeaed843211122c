import { createPixels, type PixelFile, readPixels, writePart } from "#main/files/pixelFile.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { shrinkByMeans } from "#shared/image/shrinkByMeans.ts";

/** Rows of the small picture that are made at once, so that a large photo is never in memory. */
const ROWS_AT_ONCE = 64;

/**
 * Writes a part of a photo, shrunk by a whole factor of which its sides are multiples, into a file; see `shrinkByMeans`. Throws
 * LabError as reading and writing do.
 */
export async function shrinkPart(
  from: PixelFile,
  { x, y, width, height }: Rectangle,
  factor: number,
  file: string,
): Promise<PixelFile> {
  const { channels } = from;
  const small = { x: 0, y: 0, width: width / factor, height: height / factor };
  const pixels = await createPixels(file, { width: small.width, height: small.height, channels });
  for (let row = 0; row < small.height; row += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, small.height - row);
    const strip = await readPixels(from, { x, y: y + row * factor, width, height: rows * factor });
    await writePart(pixels, { ...small, y: row, height: rows }, shrinkByMeans(strip, factor));
  }
  return pixels;
}

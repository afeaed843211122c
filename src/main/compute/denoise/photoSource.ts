import { mirrorPosition, type Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";

/** A photo that is read part by part, so that all of it need not be in memory. */
export interface PhotoSource extends Omit<Photo, "data"> {
  /** Reads a part, which lies inside the photo. */
  read(area: Rectangle): Promise<Photo>;
}

/** Reads a part of a photo that goes on to the right and below as `padToMultiple` lets it. */
export async function readPadded(source: PhotoSource, area: Rectangle): Promise<Photo> {
  const columns = mirrored(area.x, area.width, source.width);
  const rows = mirrored(area.y, area.height, source.height);
  const [left, right] = boundsOf(columns);
  const [top, bottom] = boundsOf(rows);
  const part = await source.read({ x: left, y: top, width: right - left, height: bottom - top });
  if (area.x + area.width <= source.width && area.y + area.height <= source.height) return part;
  const { channels } = source;
  const data = new Float32Array(area.width * area.height * channels);
  let to = 0;
  for (const y of rows) {
    for (const x of columns) {
      const from = ((y - top) * part.width + (x - left)) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = part.data[from + channel] ?? NaN;
    }
  }
  return { width: area.width, height: area.height, channels, data };
}

/** Where the positions of a stretch lie in the photo. */
function mirrored(from: number, count: number, length: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => mirrorPosition(from + index, length));
}

function boundsOf(positions: Int32Array): readonly [from: number, end: number] {
  return [
    positions.reduce((least, each) => Math.min(least, each)),
    positions.reduce((most, each) => Math.max(most, each)) + 1,
  ];
}

import type { Photo } from "./photo.ts";

/** A rectangle of whole pixels; x to the right, y down. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts a rectangle out of a photo; the rectangle must lie inside it. */
export function crop(photo: Photo, area: Rectangle): Photo {
  const { x, y, width, height } = area;
  if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > photo.width || y + height > photo.height) {
    throw new Error(
      `crop: ${width}x${height} at (${x}, ${y}) must lie inside ${photo.width}x${photo.height}, it does not`,
    );
  }
  const { channels } = photo;
  const data = new Float32Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * photo.width + x) * channels;
    data.set(photo.data.subarray(from, from + width * channels), row * width * channels);
  }
  return { width, height, channels, data };
}

/** Cuts the middle out of a photo: at most `side` pixels wide and high. */
export function cropMiddle(photo: Photo, side: number): Photo {
  const width = Math.min(photo.width, side);
  const height = Math.min(photo.height, side);
  const x = Math.floor((photo.width - width) / 2);
  const y = Math.floor((photo.height - height) / 2);
  return crop(photo, { x, y, width, height });
}

/**
 * Adds columns and rows until width and height are multiples of `block`: what lies before the last ones, mirrored. Repeating the last
 * ones would make lines of their noise, which a network takes for a picture.
 */
export function padToMultiple(photo: Photo, block: number): Photo {
  const { channels } = photo;
  const width = Math.ceil(photo.width / block) * block;
  const height = Math.ceil(photo.height / block) * block;
  if (width === photo.width && height === photo.height) return photo;
  const data = new Float32Array(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = mirrorPosition(y, photo.height) * photo.width;
    for (let x = 0; x < width; x++) {
      const from = (row + mirrorPosition(x, photo.width)) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = photo.data[from + channel] ?? NaN;
    }
  }
  return { width, height, channels, data };
}

/** Mirrors a position about the first and the last of `length`, as often as it takes. */
export function mirrorPosition(position: number, length: number): number {
  const period = Math.max(1, 2 * (length - 1));
  const inside = position % period;
  return Math.min(inside, period - inside) % length;
}

/** Turns a photo counter-clockwise by a multiple of 90 degrees; `quarterTurns` is any integer. */
export function rotate90(photo: Photo, quarterTurns: number): Photo {
  const { width, height } = photo;
  switch (((quarterTurns % 4) + 4) % 4) {
    case 1:
      return walk(photo, { width: height, height: width, start: width - 1, right: width, down: -1 });
    case 2:
      return walk(photo, { width, height, start: width * height - 1, right: -1, down: -width });
    case 3:
      return walk(photo, { width: height, height: width, start: (height - 1) * width, right: -width, down: 1 });
    default:
      return photo;
  }
}

/** Mirrors a photo left to right. */
export function mirror(photo: Photo): Photo {
  const { width, height } = photo;
  return walk(photo, { width, height, start: width - 1, right: -1, down: width });
}

/** Where a photo's pixels stand in its source: the number of the first one, and the steps to its neighbours. */
interface Walk {
  readonly width: number;
  readonly height: number;
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

/** Builds a photo by walking through the pixels of another in straight lines: each training patch goes through here. */
function walk({ channels, data: source }: Photo, { width, height, start, right, down }: Walk): Photo {
  const data = new Float32Array(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = (start + y * down) * channels;
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) data[to++] = source[from + channel] ?? NaN;
      from += right * channels;
    }
  }
  return { width, height, channels, data };
}

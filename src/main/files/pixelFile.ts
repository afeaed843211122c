import { type FileHandle, open } from "node:fs/promises";

import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";

import { toDiskError } from "./diskError.ts";

/** A photo's values in a file, row by row as 32-bit floats, so that a part can be read without the rest. */
export interface PixelFile {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Where the upper left corner of a part lies. */
export type Point = Pick<Rectangle, "x" | "y">;

const BYTES_PER_VALUE = 4;
/** The system reads and writes no more than two gigabytes at once. */
const MOST_BYTES_AT_ONCE = 2 ** 30;

/** Counts the bytes of such a file for a photo of this shape. */
export function countBytes({ width, height, channels }: Omit<PixelFile, "file">): number {
  return width * height * channels * BYTES_PER_VALUE;
}

/** Writes a photo's values as they are. Throws LabError `disk` or `permission`. */
export async function writePixels(file: string, { width, height, channels, data }: Photo): Promise<PixelFile> {
  await withFile(file, "w", (handle) =>
    handle.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  return { file, width, height, channels };
}

/** Makes a file for the values of a photo of this shape, to be written part by part. Throws LabError `disk` or `permission`. */
export async function createPixels(file: string, shape: Omit<PixelFile, "file">): Promise<PixelFile> {
  await withFile(file, "w", (handle) => handle.truncate(countBytes(shape)));
  return { file, ...shape };
}

/** Writes a part of a photo to its place in the file. Throws LabError `disk`. */
export async function writePart({ file, width, channels }: PixelFile, area: Rectangle, part: Photo): Promise<void> {
  const rowBytes = area.width * channels * BYTES_PER_VALUE;
  const bytes = new Uint8Array(part.data.buffer, part.data.byteOffset, part.data.byteLength);
  if (bytes.length !== area.height * rowBytes) {
    throw new Error(`pixels: a part must have ${area.height * rowBytes} bytes, got ${bytes.length}`);
  }
  const isWide = area.width === width;
  const [blocks, blockBytes] = isWide ? [1, bytes.length] : [area.height, rowBytes];
  await withFile(file, "r+", async (handle) => {
    for (let block = 0; block < blocks; block++) {
      const position = ((area.y + block) * width + area.x) * channels * BYTES_PER_VALUE;
      await writeAll(handle, bytes.subarray(block * blockBytes, (block + 1) * blockBytes), position);
    }
  });
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, MOST_BYTES_AT_ONCE);
    done += (await handle.write(bytes, done, length, position + done)).bytesWritten;
  }
}

/** Copies a part of one photo to a place in another with as many channels. Throws LabError as reading and writing do. */
export async function copyPart(from: PixelFile, part: Rectangle, to: PixelFile, place: Point): Promise<void> {
  const { width, height } = part;
  await writePart(to, { ...place, width, height }, await readPixels(from, part));
}

/** Reads a part, which must lie inside the photo. Throws LabError `not_found` or `disk`. */
export async function readPixels({ file, width, channels }: PixelFile, area: Rectangle): Promise<Photo> {
  const rowLength = area.width * channels;
  const data = new Float32Array(rowLength * area.height);
  const bytes = new Uint8Array(data.buffer);
  await withFile(file, "r", async (handle) => {
    if (area.width === width) {
      await readWhole(handle, bytes, area.y * width * channels * BYTES_PER_VALUE);
      return;
    }
    for (let row = 0; row < area.height; row++) {
      const target = bytes.subarray(row * rowLength * BYTES_PER_VALUE, (row + 1) * rowLength * BYTES_PER_VALUE);
      await readWhole(handle, target, ((area.y + row) * width + area.x) * channels * BYTES_PER_VALUE);
    }
  });
  return { width: area.width, height: area.height, channels, data };
}

async function readWhole(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(
      target,
      done,
      Math.min(target.length - done, MOST_BYTES_AT_ONCE),
      position + done,
    );
    if (bytesRead === 0) throw new Error("pixels: the file is shorter than its photo");
    done += bytesRead;
  }
}

async function withFile<T>(file: string, flags: "r" | "w" | "r+", act: (handle: FileHandle) => Promise<T>): Promise<T> {
  try {
    const handle = await open(file, flags);
    try {
      return await act(handle);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw toDiskError(`${flags === "r" ? "read" : "write"} ${file}`, cause);
  }
}

import { readFile } from "node:fs/promises";

import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";

import { toDiskError } from "./diskError.ts";

const MAGIC = Buffer.from("\x93NUMPY\x01\x00", "latin1");
/** The data begins at a multiple of this. */
const ALIGNMENT = 64;
const HEADER = /'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]+)\)/;

/** Encodes a photo as a NumPy array of 32-bit floats, `[height, width]` for grey and `[height, width, 3]` for colour. */
export function encodeNpy({ width, height, channels, data }: Photo): Uint8Array {
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const unpadded = MAGIC.length + 2 + text.length + 1;
  const header = `${text.padEnd(text.length + ((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT))}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    MAGIC,
    length,
    Buffer.from(header, "latin1"),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

/** Decodes a NumPy array of 32-bit floats in the shape of a photo; `place` names it. Throws LabError `bad_data` for another type or shape. */
export function decodeNpy(bytes: Uint8Array, like: Omit<Photo, "data">, place: string): Photo {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = MAGIC.length + 2;
  const isNpy = file.length > start && file.subarray(0, MAGIC.length).equals(MAGIC);
  const end = isNpy ? start + file.readUInt16LE(MAGIC.length) : 0;
  const header = file.subarray(start, end).toString("latin1");
  const { width, height, channels } = like;
  const bytesOfData = width * height * channels * Float32Array.BYTES_PER_ELEMENT;
  const wanted = (channels === 1 ? [height, width] : [height, width, channels]).join(", ");
  const got = HEADER.exec(header)?.[1];
  if (got !== wanted || file.length !== end + bytesOfData) {
    throw new LabError("bad_data", `${place}: must be a float32 array (${wanted}), got ${got ?? "something else"}`);
  }
  // Copied, for the values need not begin at a multiple of four in this buffer.
  return { width, height, channels, data: new Float32Array(new Uint8Array(file.subarray(end)).buffer) };
}

/** Reads a NumPy array of 32-bit floats in the shape of a photo; `place` names it. Throws LabError `disk`, `not_found` or as `decodeNpy` does. */
export async function readNpy(file: string, like: Omit<Photo, "data">, place: string): Promise<Photo> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw toDiskError(`${place}: read ${file}`, cause);
  });
  return decodeNpy(bytes, like, place);
}

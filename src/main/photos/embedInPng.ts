import { crc32, deflateSync } from "node:zlib";

/** What a photo file holds beside its pixels. */
export interface Embedded {
  readonly icc: Uint8Array | null;
  /** Without JPEG's prefix. */
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
}

/** The signature (8 bytes) and the IHDR chunk (25 bytes), after which profile and notes belong. */
const HEADER_BYTES = 33;

/** Copies a PNG file with a colour profile, camera data and XMP put in as they are, which sharp alone cannot do for raw pixels. */
export function embedInPng(png: Uint8Array, { icc, exif, xmp }: Embedded): Buffer {
  const chunks: Buffer[] = [];
  if (icc !== null) chunks.push(makeChunk("iCCP", Buffer.from("profile\0\0", "latin1"), deflateSync(icc)));
  if (exif !== null) chunks.push(makeChunk("eXIf", exif));
  if (xmp !== null) chunks.push(makeChunk("iTXt", Buffer.from("XML:com.adobe.xmp\0\0\0\0\0", "latin1"), xmp));
  return Buffer.concat([png.subarray(0, HEADER_BYTES), ...chunks, png.subarray(HEADER_BYTES)]);
}

/** Makes a PNG chunk from a four-letter type and its data: length, type, data, checksum of type and data. */
export function makeChunk(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([Buffer.from(type, "latin1"), ...parts]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - type.length, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}

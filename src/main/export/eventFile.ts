import protobuf from "protobufjs";

import { at } from "#shared/at.ts";
import type { RunScalar } from "#shared/runs/runScalars.ts";

/** The part of TensorBoard's event format that scalars need. */
const SCHEMA = `
syntax = "proto3";
message Event { double wall_time = 1; int64 step = 2; oneof what { string file_version = 3; Summary summary = 5; } }
message Summary { repeated Value value = 1; message Value { string tag = 1; float simple_value = 2; } }
`;
/** What every file begins with. */
const FILE_VERSION = "brain.Event:2";
/** The polynomial of CRC-32C (Castagnoli), its bits reversed. */
const POLYNOMIAL = 0x82f63b78;
/** What TFRecord files add to a turned checksum, so that checksums of checksums stay sound. */
const MASK_DELTA = 0xa282ead8;

/** Writes scalars as a TensorBoard event file: TFRecord frames, each with masked CRC-32C of its length and its content. */
export function writeEventFile(scalars: readonly RunScalar[], startMs: number): Uint8Array<ArrayBuffer> {
  const type = protobuf.parse(SCHEMA, { keepCase: true }).root.lookupType("Event");
  const encode = (event: object): Uint8Array => type.encode(type.create(event)).finish();
  const events = scalars.map(({ tag, step, time, value }) =>
    encode({ wall_time: time / 1000, step, summary: { value: [{ tag, simple_value: value }] } }),
  );
  const frames = [encode({ wall_time: startMs / 1000, file_version: FILE_VERSION }), ...events].map(frame);
  const file = new Uint8Array(frames.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
  let offset = 0;
  for (const each of frames) {
    file.set(each, offset);
    offset += each.byteLength;
  }
  return file;
}

/** A record: 8 bytes of length, their checksum, the content, its checksum; all little-endian. */
function frame(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + content.byteLength + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(content.byteLength), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(content, 12);
  view.setUint32(12 + content.byteLength, maskedCrc32c(content), true);
  return bytes;
}

/** Computes the checksum of a TFRecord frame, from 0 to 2^32 - 1. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const checksum = crc32c(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + MASK_DELTA) >>> 0;
}

let table: Uint32Array | null = null;

function crc32c(bytes: Uint8Array): number {
  table ??= buildTable();
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (rest >>> 8) ^ at(table, (rest ^ byte) & 0xff, "crc32c");
  return ~rest >>> 0;
}

function buildTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ ((rest & 1) * POLYNOMIAL);
    return rest;
  });
}

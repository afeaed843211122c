import { z } from "zod";

import { LabError } from "#shared/labError.ts";

/** A tensor as plain data: row-major values whose count is the product of `shape`. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** What a safetensors file holds: tensors by name, and notes whose values are strings. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
/** Ten thousand tensors with their notes take some 2 MB: a longer header is an attack or a damaged length. */
const MAX_HEADER_BYTES = 16_000_000;
/** Filters have four axes. */
const MAX_AXES = 8;
const ALIGNMENT_BYTES = 8;
const BYTES_PER_VALUE = 4;
const METADATA_KEY = "__metadata__";

const sizeSchema = z.int().min(0);
const tensorEntrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(sizeSchema).max(MAX_AXES),
  data_offsets: z.tuple([sizeSchema, sizeSchema]),
});
type TensorEntry = z.infer<typeof tensorEntrySchema>;
const metadataSchema = z.record(z.string(), z.string());

/**
 * Writes tensors in the safetensors layout: little-endian, no gaps, data aligned to 8 bytes.
 * Throws a plain error where a shape does not match its data (a bug in the caller).
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header = buildHeader(tensors, metadata);
  const dataStart = LENGTH_BYTES + header.byteLength;
  const total = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.byteLength, dataStart);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  bytes.set(header, LENGTH_BYTES);
  let offset = dataStart;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file whose every number is taken as hostile. `source` is the file's name for messages.
 * The tensors are copies and do not keep `bytes` alive. Throws LabError `bad_checkpoint`.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): TensorFile {
  const { header, dataStart } = readHeader(bytes, source);
  const metadata = readMetadata(header.get(METADATA_KEY), source);
  header.delete(METADATA_KEY);
  const entries = [...header].map(([name, value]) => [name, readEntry(name, value, source)] as const);
  checkTiling(entries, bytes.byteLength - dataStart, source);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of entries) {
    tensors.set(name, { shape: entry.shape, data: readValues(bytes, dataStart, entry) });
  }
  return { tensors, metadata };
}

function buildHeader(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push([METADATA_KEY, metadata]);
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    checkTensor(name, shape, data.length);
    const end = offset + data.byteLength;
    const dtype = data instanceof Float32Array ? "F32" : "I32";
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // Built by hand from pairs: an object would reorder names that look like numbers and lose one called __proto__.
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  const utf8 = new TextEncoder().encode(json);
  const padded = new Uint8Array(Math.ceil(utf8.byteLength / ALIGNMENT_BYTES) * ALIGNMENT_BYTES).fill(0x20);
  padded.set(utf8);
  return padded;
}

function checkTensor(name: string, shape: readonly number[], values: number): void {
  if (name === METADATA_KEY) throw new Error(`encodeSafetensors: a tensor cannot be named ${METADATA_KEY}`);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (expected !== values) {
    throw new Error(
      `encodeSafetensors: ${name} of shape [${shape.join(", ")}] must have ${expected} values, got ${values}`,
    );
  }
}

function readHeader(bytes: Uint8Array, source: string): { header: Map<string, unknown>; dataStart: number } {
  if (bytes.byteLength < LENGTH_BYTES) {
    throw damaged(source, `must have at least ${LENGTH_BYTES} bytes, got ${bytes.byteLength}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  const available = Math.min(bytes.byteLength - LENGTH_BYTES, MAX_HEADER_BYTES);
  if (length > BigInt(available)) throw damaged(source, `header must have at most ${available} bytes, got ${length}`);
  const dataStart = LENGTH_BYTES + Number(length);
  return { header: parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), source), dataStart };
}

function parseHeader(utf8: Uint8Array, source: string): Map<string, unknown> {
  let parsed: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(utf8);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged(source, "header must be JSON in UTF-8", cause);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw damaged(source, "header must be a JSON object");
  }
  const header = new Map<string, unknown>(Object.entries(parsed));
  const written = countTopLevelKeys(text);
  if (written !== header.size) {
    throw damaged(source, `header must name every tensor once, got ${written} entries under ${header.size} names`);
  }
  return header;
}

/** Counts the keys of the outermost object of valid JSON: JSON.parse silently keeps the last of equal names. */
function countTopLevelKeys(json: string): number {
  let depth = 0;
  let keys = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i += 1) {
    const character = json[i];
    if (isInString) {
      if (character === "\\") i += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (character === ":" && depth === 1) keys += 1;
  }
  return keys;
}

function readMetadata(value: unknown, source: string): Record<string, string> {
  if (value === undefined) return {};
  const result = metadataSchema.safeParse(value);
  if (!result.success) throw damaged(source, `${METADATA_KEY} must map names to strings`, result.error);
  return result.data;
}

function readEntry(name: string, value: unknown, source: string): TensorEntry {
  const result = tensorEntrySchema.safeParse(value);
  if (!result.success) {
    throw damaged(source, `tensor ${quote(name)} must have dtype, shape and data_offsets`, result.error);
  }
  const { dtype, shape, data_offsets: offsets } = result.data;
  if (dtype !== "F32" && dtype !== "I32") {
    throw damaged(source, `tensor ${quote(name)} must be F32 or I32, got ${quote(dtype)}`);
  }
  const expected = shape.reduce((product, size) => product * size, BYTES_PER_VALUE);
  const got = offsets[1] - offsets[0];
  if (expected !== got) {
    throw damaged(
      source,
      `tensor ${quote(name)} of shape [${shape.join(", ")}] must take ${expected} bytes, got ${got}`,
    );
  }
  return result.data;
}

/** Checks that the tensors cover the data part exactly: no overlap, no gap, nothing outside. */
function checkTiling(entries: readonly (readonly [string, TensorEntry])[], dataBytes: number, source: string): void {
  const ordered = entries.toSorted(([, a], [, b]) => compareOffsets(a.data_offsets, b.data_offsets));
  let end = 0;
  for (const [name, entry] of ordered) {
    const begin = entry.data_offsets[0];
    if (begin !== end)
      throw damaged(source, `tensor ${quote(name)} must begin at byte ${end} of the data, got ${begin}`);
    end = entry.data_offsets[1];
  }
  if (end !== dataBytes) throw damaged(source, `data must have ${end} bytes, got ${dataBytes}`);
}

function compareOffsets(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}

function readValues(bytes: Uint8Array, dataStart: number, entry: TensorEntry): NamedTensor["data"] {
  const [begin, end] = entry.data_offsets;
  // Not bytes.slice(): of a Node Buffer that is a view on the whole file.
  const copy = new Uint8Array(end - begin);
  copy.set(bytes.subarray(dataStart + begin, dataStart + end));
  return entry.dtype === "F32" ? new Float32Array(copy.buffer) : new Int32Array(copy.buffer);
}

function damaged(source: string, what: string, cause?: unknown): LabError {
  return new LabError("bad_checkpoint", `checkpoint ${source}: ${what}`, { cause });
}

/** Names come from the file: quoted, escaped and cut so that they cannot take over the message. */
function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
}

import { open, readFile } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";
import { type ModelCard, modelCardSchema } from "#shared/runs/modelCard.ts";

import { decodeOnnx, NOTE_PREFIX } from "./onnxModel.ts";

/** Safetensors files begin with the length of their header. */
const LENGTH_BYTES = 8;
/** Cards are a few kilobytes, and tensors a line each: a longer header is no model of ours. */
const MAX_HEADER_BYTES = 10_000_000;

/**
 * Reads the card that stands in a safetensors or ONNX file, by the file's ending, without a look at the weights. Throws
 * LabError `bad_checkpoint` where there is none or it is none of ours, and `not_found`, `permission` or `disk`.
 */
export async function readCardInside(file: string): Promise<ModelCard> {
  const text = file.toLowerCase().endsWith(".onnx") ? await readOnnxNote(file) : await readSafetensorsNote(file);
  if (text === undefined) throw refuse(file, "must have a card inside, as `hinas models export` writes it, got none");
  const parsed = modelCardSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw refuse(file, `must have a card that this program reads: ${issues.join("; ")}`);
}

async function readOnnxNote(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw toDiskError(`reading model ${file}`, cause);
  });
  return decodeOnnx(bytes, file).metadata[`${NOTE_PREFIX}card`];
}

async function readSafetensorsNote(file: string): Promise<string | undefined> {
  const header = parseJson(await readHeader(file));
  if (typeof header !== "object" || header === null) throw refuse(file, "must be a whole safetensors file");
  const notes: unknown = "__metadata__" in header ? header.__metadata__ : null;
  if (typeof notes !== "object" || notes === null || !("card" in notes)) return undefined;
  return typeof notes.card === "string" ? notes.card : undefined;
}

async function readHeader(file: string): Promise<string> {
  const handle = await open(file).catch((cause: unknown) => {
    throw toDiskError(`reading model ${file}`, cause);
  });
  try {
    const start = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
    const length = start.bytesRead < LENGTH_BYTES ? MAX_HEADER_BYTES + 1 : Number(start.buffer.readBigUInt64LE());
    if (length > MAX_HEADER_BYTES) throw refuse(file, "must be a safetensors file with a header");
    const header = await handle.read(Buffer.alloc(length), 0, length, LENGTH_BYTES);
    return header.buffer.toString("utf8", 0, header.bytesRead);
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuse(file: string, what: string): LabError {
  return new LabError("bad_checkpoint", `model ${file} ${what}`);
}

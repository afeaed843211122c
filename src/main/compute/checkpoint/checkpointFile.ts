import type { z } from "zod";

import { LabError } from "#shared/labError.ts";

import { readRegularFile } from "#main/files/readRegularFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

import { hashContent } from "./contentHash.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import type { NamedTensor } from "./safetensors.ts";

/** What a checkpoint holds; `kind` says which loop wrote it. */
export interface Checkpoint {
  readonly kind: CheckpointKind;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Notes by name; every value is a string, structured ones are JSON. */
  readonly notes: Readonly<Record<string, string>>;
}

export type CheckpointKind = "search" | "train" | "network";

const FORMAT = "hinas-tfjs";
const VERSION = 1;
/** The note with the hash of all else; not in files of the first versions. */
const HASH_NOTE = "sha256";
/** The largest that Node reads at once; the supernets of papers take some hundred megabytes. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Writes a checkpoint under its final name only once it is whole. Throws LabError disk or permission. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomically(file, encodeCheckpoint(checkpoint));
}

/** Encodes a checkpoint as the bytes of its file. */
export function encodeCheckpoint({ kind, tensors, notes }: Checkpoint): Uint8Array<ArrayBuffer> {
  const metadata = { ...notes, format: FORMAT, version: String(VERSION), layout: "HWIO", kind };
  return encodeSafetensors(tensors, { ...metadata, [HASH_NOTE]: hashContent({ tensors, metadata }) });
}

/** Reads a checkpoint of one of the given kinds. Throws LabError bad_checkpoint, bad_data, newer_version, not_found or permission. */
export async function readCheckpoint(file: string, kinds: readonly CheckpointKind[]): Promise<Checkpoint> {
  return decodeCheckpoint(await readRegularFile(file, MAX_MODEL_BYTES), file, kinds);
}

/**
 * Reads a checkpoint of one of the given kinds from the bytes of `file`. Throws LabError newer_version, and bad_checkpoint,
 * also where the content is not what was written or a number is not finite.
 */
export function decodeCheckpoint(bytes: Uint8Array, file: string, kinds: readonly CheckpointKind[]): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { [HASH_NOTE]: hash, ...hashed } = metadata;
  const { format, version, kind, ...notes } = hashed;
  if (format !== FORMAT) {
    throw new LabError("bad_checkpoint", `checkpoint ${file} must have the format ${FORMAT}, got ${format ?? "none"}`);
  }
  const number = wholeNumber(version);
  if (number === null) {
    throw describeMissing(file, "its version", "a whole number", version ?? "nothing");
  }
  if (number > VERSION) {
    const message = `checkpoint ${file} has version ${version}, this program reads up to ${VERSION}; update it`;
    throw new LabError("newer_version", message);
  }
  const found = kinds.find((candidate) => candidate === kind);
  if (found === undefined) {
    const message = `checkpoint ${file} must be of the kind ${kinds.join(" or ")}, got ${kind ?? "none"}`;
    throw new LabError("bad_checkpoint", message);
  }
  const got = hash === undefined ? undefined : hashContent({ tensors, metadata: hashed });
  if (got !== hash) {
    const message = `checkpoint ${file} is damaged: its content must have the SHA-256 ${hash}, got ${got}`;
    throw new LabError("bad_checkpoint", message);
  }
  for (const [name, { data }] of tensors) checkFinite(file, name, data);
  return { kind: found, tensors, notes };
}

/** Returns a float tensor of a checkpoint. Throws LabError bad_checkpoint where it is missing or has another length. */
export function floatsOf(
  checkpoint: Checkpoint,
  file: string,
  name: string,
  length: number,
): Float32Array<ArrayBuffer> {
  const data = checkpoint.tensors.get(name)?.data;
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw describeMissing(file, name, `${length} numbers`, data === undefined ? "nothing" : `${data.length}`);
  }
  return data;
}

/** Returns the steps done when a training or search saved this. Throws LabError bad_checkpoint where that is not said. */
export function stepOf({ notes }: Checkpoint, file: string): number {
  const step = wholeNumber(notes["step"]);
  if (step === null) {
    throw describeMissing(file, "note step", "a whole number", notes["step"] ?? "nothing");
  }
  return step;
}

/** Returns a structured note. Throws LabError bad_checkpoint where it is missing or not as its schema says. */
export function noteOf<T>({ notes }: Checkpoint, file: string, name: string, schema: z.ZodType<T>): T {
  const text = notes[name];
  if (text === undefined) throw describeMissing(file, `note ${name}`, "JSON", "nothing");
  const parsed = schema.safeParse(parseJson(text, file, name));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `note ${[name, ...path].join(".")}: ${message}`);
  throw new LabError("bad_checkpoint", `checkpoint ${file}: ${issues.join("; ")}`);
}

function parseJson(text: string, file: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw describeMissing(file, `note ${name}`, "JSON", text === "" ? "nothing" : text.slice(0, 40));
  }
}

/** Throws LabError bad_checkpoint where a part of what a checkpoint was made for is not what the run's settings say. */
export function checkSame(file: string, part: string, wanted: unknown, stored: unknown): void {
  const [expected, got] = [wanted, stored].map((value) => JSON.stringify(value));
  if (expected === got) return;
  const message = `checkpoint ${file}: ${part} must be ${expected} as in the run's settings, got ${got ?? "nothing"}`;
  throw new LabError("bad_checkpoint", message);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** Says that a tensor of a checkpoint is not what it must be. */
export function describeMissing(file: string, name: string, expected: string, got: string): LabError {
  return new LabError("bad_checkpoint", `checkpoint ${file}: ${name} must have ${expected}, got ${got}`);
}

/** Throws LabError bad_checkpoint where a number is not finite: it would spoil every picture. */
export function checkFinite(file: string, name: string, values: Float32Array | Int32Array): void {
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw describeMissing(file, name, "finite numbers", `${bad}`);
}

/** Whether every number is finite: a diverged network must never replace a good checkpoint. */
export function areFinite(tensors: Checkpoint["tensors"]): boolean {
  return [...tensors.values()].every(({ data }) => data.every(Number.isFinite));
}

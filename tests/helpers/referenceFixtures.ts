import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";

/** Numbers computed with the paper authors' code; another folder of the same form may be named in the environment. */
export const REFERENCE_FOLDER = findReferenceFolder(process.env["HINAS_REFERENCE_FIXTURES"]);

/** Numbers for methods of searching that the authors' code does not have; another folder may be named likewise. */
export const SEARCH_FOLDER = findReferenceFolder(process.env["HINAS_SEARCH_FIXTURES"], "search");

/**
 * Returns the folder that somebody named in the environment, or the repository's. Throws where there is none: skipped tests
 * would pass for good ones.
 */
export function findReferenceFolder(named: string | undefined, kind: "reference" | "search" = "reference"): string {
  const folder = resolve(named ?? join(import.meta.dirname, "../reference/fixtures", kind));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  const variable = `HINAS_${kind.toUpperCase()}_FIXTURES`;
  const source = named === undefined ? "this checkout must have" : `${variable} must name`;
  throw new Error(`reference fixtures: ${source} a folder, got ${folder}`);
}

/** One reference file: float tensors by name, and its metadata parsed as JSON where it is JSON. */
export interface ReferenceFile {
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
  >;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function loadReference(name: string): ReferenceFile {
  return loadFile(join(REFERENCE_FOLDER, name));
}

/** Reads a file of the numbers for methods of searching. */
export function loadSearchReference(name: string): ReferenceFile {
  return loadFile(join(SEARCH_FOLDER, name));
}

function loadFile(file: string): ReferenceFile {
  const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
  return {
    tensors: new Map([...tensors].map(([key, { shape, data }]) => [key, { shape, data: Float32Array.from(data) }])),
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, parseIfJson(value)])),
  };
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Largest difference relative to the expected tensor's largest value; infinite where the sizes differ. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    return Infinity;
  }
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const distance = Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN));
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
    largest = Math.max(largest, Math.abs(expected[index] ?? 0));
  }
  return largest === 0 ? difference : difference / largest;
}

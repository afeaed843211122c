import { z } from "zod";

import type { NoiseContradiction } from "./noiseModel.ts";

/** One number, or a range that a number is drawn from, once per photo or patch. */
export type Range = number | { readonly from: number; readonly to: number };

/** Makes the schema of a range of numbers as a mapping, `{ from: 0, to: 75 }`. */
export function rangeSchema(number: z.ZodNumber) {
  return z.strictObject({ from: number, to: number });
}

/** Makes the schema of a range as people write it, `0..75`; it becomes the mapping. */
export function writtenRangeSchema(number: z.ZodNumber) {
  const pattern = /^\s*[-+.\de]+?\s*\.\.\s*[-+.\de]+\s*$/i;
  const mapping = rangeSchema(number);
  const toMapping = (text: string) => {
    const [from, to] = text.split("..").map(Number);
    return { from, to };
  };
  return z
    .string()
    .regex(pattern, "a number or a range such as 0..75")
    .refine(
      (text) => mapping.safeParse(toMapping(text)).success,
      `must lie within ${number.minValue}..${number.maxValue}`,
    )
    .transform((text) => mapping.parse(toMapping(text)));
}

/** Makes the schema of a setting that is one number or a range, also as it is written. */
export function numberOrRangeSchema(number: z.ZodNumber) {
  return z.union([number, rangeSchema(number), writtenRangeSchema(number)]);
}

/** Draws evenly from a range by a random number in [0, 1); one number is itself, and nothing is drawn. */
export function drawFrom(range: Range, uniform: () => number): number {
  return typeof range === "number" ? range : range.from + uniform() * (range.to - range.from);
}

/** Writes a range in a form fit for file and recipe names, e.g. `0..75`. */
export function describeRange(range: Range): string {
  return typeof range === "number" ? String(range) : `${range.from}..${range.to}`;
}

/** Finds a range that begins above its end. `path` leads to the range in the settings. */
export function findRangeContradictions(range: Range, path: readonly string[]): readonly NoiseContradiction[] {
  if (typeof range === "number" || range.from <= range.to) return [];
  const name = path.join(".");
  const what = `${name}.from must be at most ${name}.to (${range.to}), got ${range.from}`;
  return [{ path: [...path, "from"], what }];
}

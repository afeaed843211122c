import type { FieldInput } from "./formFields.ts";

/**
 * Writes a setting's value as it is typed: `30`, `30, 50, 70`, `0..55`, names as `a.png; b.png`, a list of mappings as `0.75, 32, 48; 0.25, 12, 80`
 * in the order of `keys`; nothing for what is off or not set.
 */
export function toFieldText(value: unknown, keys: readonly string[] = []): string {
  if (isNames(value)) return value.join("; ");
  if (Array.isArray(value))
    return keys.length > 0 ? value.map((row) => toRowText(row, keys)).join("; ") : value.join(", ");
  if (typeof value === "object" && value !== null && "from" in value && "to" in value) {
    return `${toFieldText(value.from)}..${toFieldText(value.to)}`;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/**
 * Reads what was typed into a field. What cannot be read stays text, so that the schema says what is expected; undefined
 * stands for a setting that is left to its default, null for one that is switched off.
 */
export function readFieldText(text: string, input: FieldInput): unknown {
  const trimmed = text.trim();
  switch (input.kind) {
    case "number":
      if (trimmed === "") return input.canBeOff ? null : undefined;
      return readNumber(trimmed);
    case "numbers":
      return trimmed === "" ? undefined : readNumbers(trimmed);
    case "names":
      return splitNames(trimmed);
    case "sigma":
      return trimmed === "" ? undefined : readSigma(trimmed);
    case "rows":
      return trimmed === "" ? undefined : readRows(trimmed, input.keys);
    default:
      return text;
  }
}

/** A list of which everything is text; a list of numbers may have one that is half typed. */
function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

function splitNames(text: string): readonly string[] {
  return text
    .split(";")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function toRowText(row: unknown, keys: readonly string[]): string {
  const values: Readonly<Record<string, unknown>> = typeof row === "object" && row !== null ? { ...row } : {};
  return keys.map((key) => toFieldText(values[key])).join(", ");
}

function readRows(text: string, keys: readonly string[]): unknown {
  const rows = text
    .split(";")
    .map(readNumbers)
    .filter((row) => row.length > 0);
  if (rows.some((row) => row.length !== keys.length)) return text;
  return rows.map((row) => Object.fromEntries(keys.map((key, index) => [key, row[index]])));
}

function readNumber(text: string): number | string {
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) ? value : text;
}

function readNumbers(text: string): (number | string)[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== "")
    .map(readNumber);
}

function readSigma(text: string): unknown {
  const [, from, to] = /^([\d.]+(?:e-?\d+)?)\s*(?:\.\.|–|to)\s*([\d.]+(?:e-?\d+)?)$/i.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from: readNumber(from), to: readNumber(to) };
  const values = readNumbers(text);
  return values.length === 1 ? values[0] : values;
}

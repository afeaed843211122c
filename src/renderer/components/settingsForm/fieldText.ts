import type { FieldInput } from "./formFields.ts";

/** Writes a setting's value as it is typed: `30`, `30, 50, 70`, `0..55`; nothing for what is off or not set. */
export function toFieldText(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
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
    case "sigma":
      return trimmed === "" ? undefined : readSigma(trimmed);
    default:
      return text;
  }
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

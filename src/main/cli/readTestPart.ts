/** Reads `10%`, `0.1`, `20` or `none` as photos for a test; what is none of these is left for the schema to refuse. */
export function readTestPart(text: string): object {
  if (/^[a-z]/.test(text)) return { kind: text };
  const isPercent = text.endsWith("%");
  const digits = isPercent ? text.slice(0, -1) : text;
  const value = digits.trim() === "" ? NaN : Number(digits);
  if (Number.isNaN(value)) return { kind: "share", share: text };
  if (isPercent) return { kind: "share", share: value / 100 };
  return Number.isInteger(value) && value !== 0 ? { kind: "count", photos: value } : { kind: "share", share: value };
}

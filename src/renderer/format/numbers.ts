const COUNT_UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;
const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** Writes a whole number with thin spaces between thousands, e.g. `600 000`. */
export function formatInteger(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Writes a count with three significant digits and a unit prefix: `950`, `12.3 k`, `1.25 M`. */
export function formatCount(count: number): string {
  for (const [size, unit] of COUNT_UNITS) {
    if (count >= size) return `${Number((count / size).toPrecision(3))} ${unit}`;
  }
  return String(Math.round(count));
}

/** Writes a number of bytes in the largest unit that leaves a value of 1 or more, in steps of 1000: `3.2 MB`. */
export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit] ?? "B"}`;
}

/** Writes a peak signal-to-noise ratio with two decimals, e.g. `28.53 dB`; identical pictures have none. */
export function formatPsnr(psnrDb: number): string {
  return Number.isFinite(psnrDb) ? `${psnrDb.toFixed(2)} dB` : "identical";
}

/** Writes a similarity, SSIM or HaarPSI, with four decimals. */
export function formatSsim(ssim: number): string {
  return ssim.toFixed(4);
}

/** Writes a share 0..1 as a whole percentage, e.g. `37 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/**
 * Returns how many decimals tell values apart: the fewest from `least` on with which no two of them look alike that differ, or
 * `most` where even that is too few.
 */
export function decimalsThatDiffer(
  values: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const kinds = new Set(values.map((value) => value.toFixed(most))).size;
  for (let decimals = least; decimals < most; decimals++) {
    if (new Set(values.map((value) => value.toFixed(decimals))).size === kinds) return decimals;
  }
  return most;
}

/** Writes a measured value with four significant digits; very small and very large ones with an exponent. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

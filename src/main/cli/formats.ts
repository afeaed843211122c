const HOURS_OF_DAY = 24;

/** Writes seconds as people say them: `45 s`, `3 min 20 s`, `2 h 05 min`, `13 d 09 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < HOURS_OF_DAY) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / HOURS_OF_DAY)} d ${pad(hours % HOURS_OF_DAY)} h`;
}

/** Writes a count with three significant digits and a unit prefix: `950`, `12.3 k`, `1.25 M`. */
export function formatCount(count: number): string {
  for (const [size, unit] of COUNT_UNITS) {
    if (count >= size) return `${Number((count / size).toPrecision(3))} ${unit}`;
  }
  return String(count);
}

/** Writes a peak signal-to-noise ratio with two decimals, e.g. `28.53 dB`; identical pictures have none. */
export function formatPsnr(psnrDb: number): string {
  return Number.isFinite(psnrDb) ? `${psnrDb.toFixed(2)} dB` : "identical";
}

/** Writes a similarity, SSIM or HaarPSI, with four decimals. */
export function formatSsim(ssim: number): string {
  return ssim.toFixed(4);
}

/** Writes the memory that a network needs for a million pixels: `312 MB/MP`. */
export function formatMemory(bytesPerPixel: number): string {
  return `${Math.round(bytesPerPixel)} MB/MP`;
}

const COUNT_UNITS = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

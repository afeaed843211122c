/** Writes a difference of PSNR with its sign, e.g. `+8.42 dB`. */
export function formatGain(db: number): string {
  return `${toSign(db)}${Math.abs(db).toFixed(2)} dB`;
}

function toSign(value: number): string {
  if (Math.abs(value) < 0.005) return "±";
  return value > 0 ? "+" : "−";
}

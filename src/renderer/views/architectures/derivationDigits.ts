/** Writes a weight, margin or product: four decimals show what a short search moves; smaller numbers keep three digits. */
export function toDigits(value: number): string {
  return value === 0 || value >= 0.001 ? value.toFixed(4) : value.toExponential(2);
}

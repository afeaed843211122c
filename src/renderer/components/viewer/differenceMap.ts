/** Middle of the values 0..255: where nothing differs. */
const MIDDLE = 127.5;

/**
 * Writes into `of` (RGBA, 0..255) `127.5 + gain / 2 * (of - from)`, as the lab's error maps are made; alpha stays. Both
 * have the same length.
 */
export function writeDifference(of: Uint8ClampedArray, from: Uint8ClampedArray, gain: number): void {
  for (let i = 0; i < of.length; i++) {
    if (i % 4 !== 3) of[i] = MIDDLE + (gain / 2) * ((of[i] ?? 0) - (from[i] ?? 0));
  }
}

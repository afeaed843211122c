import { at } from "#shared/at.ts";

/** Columns of grey values that are compared with their right neighbour, and rows. */
export const HASH_SIDE = 16;
const BITS = HASH_SIDE * HASH_SIDE;
/** A step of less is a flat place, whose sign is chance: it counts as no rise. */
const LEAST_STEP = 2;

/**
 * Photos of which fewer bits differ are the same picture at another size, exposure or compression. Unrelated photos differ in about 128;
 * a change of size, brightness or JPEG quality moves up to 20 (tests).
 */
export const NEAR_BITS = 28;

/** Hashes a picture by where grey values rise from left to right: `[16, 17]` values of 0..255, row by row; four bits a digit. */
export function computePerceptualHash(grey: Uint8Array): string {
  if (grey.length !== HASH_SIDE * (HASH_SIDE + 1)) {
    throw new RangeError(`hash: must have ${HASH_SIDE * (HASH_SIDE + 1)} values, got ${grey.length}`);
  }
  const digits: string[] = [];
  for (let bit = 0; bit < BITS; bit += 4) {
    let digit = 0;
    for (let next = bit; next < bit + 4; next += 1) {
      const place = next + Math.floor(next / HASH_SIDE);
      const step = at(grey, place + 1, "hash: value") - at(grey, place, "hash: value");
      digit = 2 * digit + (step >= LEAST_STEP ? 1 : 0);
    }
    digits.push(digit.toString(16));
  }
  return digits.join("");
}

/** Counts the bits in which two hashes differ, 0..256. */
export function countDifferentBits(first: string, second: string): number {
  let count = 0;
  for (let index = 0; index < first.length; index += 1) {
    let rest = Number.parseInt(first[index] ?? "", 16) ^ Number.parseInt(second[index] ?? "", 16);
    for (; rest > 0; rest >>= 1) count += rest & 1;
  }
  return count;
}

/** Tells whether a picture has too little in it to be told from others: flat ones all look alike. */
export function isFlatHash(hash: string): boolean {
  const rises = countDifferentBits(hash, "0".repeat(hash.length));
  return rises < NEAR_BITS || rises > BITS - NEAR_BITS;
}

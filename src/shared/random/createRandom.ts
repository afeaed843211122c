import { at } from "#shared/at.ts";

import type { Random } from "./random.ts";

/** A power of two: to multiply by it is exact. */
const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * Creates the stream of random numbers that belongs to a seed and a path, e.g. `createRandom(seed, "batch", 7)`.
 * Equal seeds and paths give equal numbers on every machine, different ones unrelated numbers; so a resumed run needs
 * no stored random state. Generator: xoshiro128** (Blackman and Vigna 2018); uniform numbers are multiples of 2^-32.
 */
export function createRandom(seed: number, ...path: readonly (string | number)[]): Random {
  const nextUint32 = createXoshiro128(hashPath(seed, path));
  const uniform = (): number => nextUint32() * TWO_POW_MINUS_32;
  return {
    uniform,
    integer: (count) => Math.floor(uniform() * count),
    gaussian: createGaussian(uniform),
  };
}

/** Computes a random order of 0..count-1 (Fisher-Yates shuffle). */
export function permutation(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const moved = at(order, last, "permutation");
    order[last] = at(order, chosen, "permutation");
    order[chosen] = moved;
  }
  return order;
}

/** Makes pairs of normal samples by the polar method (Marsaglia and Bray 1964) and keeps the second for the next call. */
function createGaussian(uniform: () => number): () => number {
  // Kept in an array, for a number that changes in a closure is a new object each time.
  const spare = new Float64Array(1);
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare[0] ?? NaN;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared > 0 && squared < 1) {
        const scale = Math.sqrt((-2 * Math.log(squared)) / squared);
        spare[0] = y * scale;
        hasSpare = true;
        return x * scale;
      }
    }
  };
}

type Words = readonly [number, number, number, number];

function createXoshiro128(state: Words): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** Hashes seed and path to a state; JSON keeps ("a", "b") apart from ("ab") and 1 from "1". */
function hashPath(seed: number, path: readonly (string | number)[]): Words {
  const text = JSON.stringify([seed, ...path]);
  const words: Words = [hashText(text, 1), hashText(text, 2), hashText(text, 3), hashText(text, 4)];
  return words.every((word) => word === 0) ? [1, 2, 3, 4] : words; // an all-zero state would stay zero for ever
}

/** Hashes text to 32 bits in the manner of MurmurHash3 (its block and final mixers), one UTF-16 unit per block. */
function hashText(text: string, key: number): number {
  let hash = Math.imul(key, 0x9e3779b9);
  for (let i = 0; i < text.length; i++) {
    const block = Math.imul(rotateLeft(Math.imul(text.charCodeAt(i), 0xcc9e2d51), 15), 0x1b873593);
    hash = Math.imul(rotateLeft(hash ^ block, 13), 5) + 0xe6546b64;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

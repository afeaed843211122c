import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";

/** Each changes bytes in one way. */
const WAYS: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  flipBits,
  (bytes, random) => bytes.subarray(0, pick(random, bytes.length)),
  (bytes, random) => Buffer.concat([bytes, noise(random, 1 + pick(random, 200))]),
  fillRange,
  insertRange,
  raiseNumber,
];

/** Returns a damaged copy: bits flipped, cut short, lengthened, a range of zeros or ones, a range twice, or a number made huge. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  const way = at(WAYS, pick(random, WAYS.length), "ways");
  return way(Buffer.from(bytes), random);
}

/** A whole number from 0 below `count`. */
export function pick(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor(random.uniform() * count));
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  const flips = 1 + pick(random, 8);
  for (let flip = 0; flip < flips; flip += 1) {
    const place = pick(random, bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << pick(random, 8));
  }
  return bytes;
}

function fillRange(bytes: Buffer, random: Random): Buffer {
  const from = pick(random, bytes.length);
  return bytes.fill(random.uniform() < 0.5 ? 0 : 255, from, Math.min(bytes.length, from + 1 + pick(random, 64)));
}

function insertRange(bytes: Buffer, random: Random): Buffer {
  const from = pick(random, bytes.length);
  const to = Math.min(bytes.length, from + 1 + pick(random, 64));
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
}

/** Digits of texts and lengths of binary files become large. */
function raiseNumber(bytes: Buffer, random: Random): Buffer {
  const digits = [...bytes.keys()].filter((place) => (bytes[place] ?? 0) >= 0x30 && (bytes[place] ?? 0) <= 0x39);
  if (digits.length === 0) return flipBits(bytes, random);
  const place = at(digits, pick(random, digits.length), "digits");
  const large = Buffer.from(at(["-1", "99999999", "1e308", "0.5", "2147483648"], pick(random, 5), "numbers"));
  return Buffer.concat([bytes.subarray(0, place), large, bytes.subarray(place + 1)]);
}

function noise(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => pick(random, 256)));
}

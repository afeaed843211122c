/** Values between linear light and what a file holds: a table of the one, a function of the other. */
export interface ToneCurve {
  /** Converts a displayed value, taken as 0..1, to linear light 0..1. */
  toLinear(displayed: number): number;
  /** Converts linear light to a displayed value; below 0 and above 1 the curve goes on straight, so that noise keeps its mean there. */
  toDisplayed(linear: number): number;
}

/** Where sRGB's straight part ends, its slope, and its power (IEC 61966-2-1). */
const STRAIGHT_TO = 0.0031308;
const STRAIGHT_SLOPE = 12.92;
const POWER = 2.4;
const OFFSET = 0.055;
const SLOPE_AT_ONE = (1 + OFFSET) / POWER;

/** Steps of the tables; read with straight lines in between they are right to a hundredth of an 8-bit step. */
const STEPS = 4096;
const INVERSE_STEPS = 1024;

/**
 * Makes the curve from linear light to a file: sRGB's, then an S-curve `y + strength * (3 y^2 - 2 y^3 - y)`, which lifts contrast
 * as cameras do. `strength` 0..1: 0 is sRGB alone, 1 the S-curve of Brooks et al. 2019.
 */
export function createToneCurve(strength: number): ToneCurve {
  const gamma = getGammaTables().encode;
  const linearOf = tabulateInverse(strength);
  const endSlope = 1 - strength;
  return {
    toLinear: (displayed) => interpolate(linearOf, INVERSE_STEPS, Math.min(1, Math.max(0, displayed))),
    toDisplayed: (linear) => {
      if (linear <= 0) return endSlope * STRAIGHT_SLOPE * linear;
      if (linear >= 1) return 1 + endSlope * SLOPE_AT_ONE * (linear - 1);
      return addContrast(interpolate(gamma, STEPS, linear), strength);
    },
  };
}

function addContrast(value: number, strength: number): number {
  return value + strength * value * ((3 - 2 * value) * value - 1);
}

function encodeGamma(linear: number): number {
  return linear <= STRAIGHT_TO ? STRAIGHT_SLOPE * linear : (1 + OFFSET) * linear ** (1 / POWER) - OFFSET;
}

function decodeGamma(encoded: number): number {
  return encoded <= STRAIGHT_SLOPE * STRAIGHT_TO
    ? encoded / STRAIGHT_SLOPE
    : ((encoded + OFFSET) / (1 + OFFSET)) ** POWER;
}

let gammaTables: { readonly encode: Float64Array; readonly decode: Float64Array } | null = null;

/** The same for every curve, so they are computed once. */
function getGammaTables() {
  gammaTables ??= {
    encode: Float64Array.from({ length: STEPS + 1 }, (_, i) => encodeGamma(i / STEPS)),
    decode: Float64Array.from({ length: STEPS + 1 }, (_, i) => decodeGamma(i / STEPS)),
  };
  return gammaTables;
}

/** Linear light by displayed value: a walk along the S-curve finds what it made each displayed value of. */
function tabulateInverse(strength: number): Float64Array {
  const gamma = getGammaTables().decode;
  const table = new Float64Array(INVERSE_STEPS + 1);
  let step = 0;
  let below = 0;
  let above = addContrast(1 / INVERSE_STEPS, strength);
  for (let i = 0; i <= INVERSE_STEPS; i++) {
    const wanted = i / INVERSE_STEPS;
    while (above < wanted && step < INVERSE_STEPS - 1) {
      step++;
      below = above;
      above = addContrast((step + 1) / INVERSE_STEPS, strength);
    }
    table[i] = interpolate(gamma, STEPS, (step + (wanted - below) / (above - below)) / INVERSE_STEPS);
  }
  return table;
}

function interpolate(table: Float64Array, steps: number, position: number): number {
  const scaled = position * steps;
  const index = Math.min(steps - 1, scaled | 0);
  const before = table[index] ?? NaN;
  return before + (scaled - index) * ((table[index + 1] ?? NaN) - before);
}

import type { Random } from "./random.ts";

/** Below this mean multiplying uniforms is quicker than rejection, and the rejection constants do not hold. */
const REJECTION_FROM_MEAN = 10;

/** Draws a count from the Poisson distribution; `mean` >= 0, exact for every mean, constant time for large ones. */
export function drawPoisson(mean: number, random: Random): number {
  return mean < REJECTION_FROM_MEAN ? drawByProduct(mean, random) : drawByRejection(mean, random);
}

/** Counts how many uniforms multiply to less than e^-mean. */
function drawByProduct(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let product = random.uniform();
  let count = 0;
  while (product > limit) {
    product *= random.uniform();
    count++;
  }
  return count;
}

/** Transformed rejection with squeeze (Hörmann 1993, algorithm PTRS). */
function drawByRejection(mean: number, random: Random): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quickAccept = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= quickAccept) return count;
    if (count < 0 || (distance < 0.013 && v > distance)) continue;
    const hat = Math.log((v * inverseAlpha) / (a / (distance * distance) + b));
    if (hat <= count * Math.log(mean) - mean - logFactorial(count)) return count;
  }
}

/** Computes ln(count!) to better than 1e-9: Stirling's series from 16 on, the sum of logarithms below. */
function logFactorial(count: number): number {
  if (count < 16) {
    let sum = 0;
    for (let factor = 2; factor <= count; factor++) sum += Math.log(factor);
    return sum;
  }
  const inverse = 1 / count;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return (count + 0.5) * Math.log(count) - count + 0.5 * Math.log(2 * Math.PI) + series;
}

import { at } from "#shared/at.ts";

/** A score after a share of the steps, both of one training. */
export interface CurvePoint {
  /** In (0, 1]. */
  readonly share: number;
  readonly score: number;
}

/** Shapes of each family: closer together than any few points could tell apart. */
const SHAPES = 24;
/**
 * Families of learning curves: score = end - gain * fall(share, shape), with the shapes that are tried. After Domhan, Springenberg and
 * Hutter (2015, table 1), who name the first pow3 and the last of their eleven exp4 (here with its power at 1); the second is the curve of Michaelis and
 * Menten, their MMF with its power at 1.
 */
const FAMILIES: readonly {
  readonly fall: (share: number, shape: number) => number;
  readonly shapes: readonly number[];
}[] = [
  { fall: (share, shape) => share ** -shape, shapes: spread(0.05, 4) },
  { fall: (share, shape) => shape / (share + shape), shapes: spread(0.01, 2) },
  { fall: (share, shape) => Math.exp(-shape * share), shapes: spread(0.5, 40) },
];

/** Parameters of a line: end and gain. */
const LINE = 2;
/** What a score is uncertain by at least: otherwise a curve without noise would rule all others out by rounding. */
const LEAST_NOISE = 1e-5;

/**
 * Foretells the score of a training at its end from scores on the way: the mean over all curves of a few families, each weighed by its
 * marginal likelihood with flat priors for end and gain and 1 / noise for the noise, so that it is weighed by its squared error to the
 * power of minus half the degrees of freedom. A curve that would fall counts as a flat one. Takes at least four points; throws
 * for fewer.
 */
export function extrapolateCurve(points: readonly CurvePoint[]): number {
  if (points.length < LINE + 2) throw new Error(`learning curve: must have at least four points, got ${points.length}`);
  const scores = points.map(({ score }) => score);
  const fits = FAMILIES.flatMap(({ fall, shapes }) =>
    shapes.map((shape) =>
      fitLine(
        points.map(({ share }) => fall(share, shape)),
        scores,
        fall(1, shape),
      ),
    ),
  );
  const floor = points.length * LEAST_NOISE ** 2;
  const least = Math.min(...fits.map(({ squaredError }) => squaredError)) + floor;
  const degrees = points.length - LINE;
  let total = 0;
  let sum = 0;
  for (const { squaredError, end } of fits) {
    const weight = ((squaredError + floor) / least) ** (-degrees / 2);
    total += weight;
    sum += weight * end;
  }
  return sum / total;
}

/** Fits score = a - gain * fall with no gain below 0 by least squares, and says what it comes to where the fall is `fallAtEnd`. */
function fitLine(
  falls: readonly number[],
  scores: readonly number[],
  fallAtEnd: number,
): { readonly squaredError: number; readonly end: number } {
  const [meanFall, meanScore] = [meanOf(falls), meanOf(scores)];
  let [covariance, variance] = [0, 0];
  for (const [index, fall] of falls.entries()) {
    covariance += (fall - meanFall) * (at(scores, index, "scores") - meanScore);
    variance += (fall - meanFall) ** 2;
  }
  const gain = variance === 0 ? 0 : Math.max(0, -covariance / variance);
  const scoreAt = (fall: number): number => meanScore - gain * (fall - meanFall);
  const squaredError = falls.reduce((sum, fall, index) => sum + (at(scores, index, "scores") - scoreAt(fall)) ** 2, 0);
  return { squaredError, end: scoreAt(fallAtEnd) };
}

/** Shapes from one to another, each so many times the one before. */
function spread(from: number, to: number): readonly number[] {
  return Array.from({ length: SHAPES }, (_, index) => from * (to / from) ** (index / (SHAPES - 1)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

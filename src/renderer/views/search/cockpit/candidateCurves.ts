import type { Candidate } from "#shared/api/runs.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Draws the score of each candidate in the order in which they came, from 1 on, and the best so far. */
export function drawScores(candidates: readonly Pick<Candidate, "score">[]): readonly Curve[] {
  const words = texts.cockpit.candidates;
  const x = candidates.map((_, index) => index + 1);
  const scores = candidates.map(({ score }) => score);
  let best = -Infinity;
  const bests = scores.map((score) => (best = Math.max(best, score)));
  return [
    { id: "score", label: words.score, colour: "var(--calm)", isScattered: true, x, y: scores },
    { id: "best", label: words.best, colour: "var(--accent)", x, y: bests },
  ];
}

/**
 * Draws scores over what the networks cost, in thousands of multiply-adds per pixel, and those that no other beats at its cost or
 * below, cheapest first.
 */
export function drawCosts(candidates: readonly Pick<Candidate, "score" | "multiplyAddsPerPixel">[]): readonly Curve[] {
  const words = texts.cockpit.candidates;
  const points = candidates
    .map(({ score, multiplyAddsPerPixel }) => ({ score, cost: multiplyAddsPerPixel / 1000 }))
    .toSorted((a, b) => a.cost - b.cost || b.score - a.score);
  let best = -Infinity;
  const front = points.filter(({ score }) => {
    const isBetter = score > best;
    best = Math.max(best, score);
    return isBetter;
  });
  const toCurve = (of: typeof points) => ({ x: of.map(({ cost }) => cost), y: of.map(({ score }) => score) });
  return [
    { id: "candidates", label: words.each, colour: "var(--calm)", isScattered: true, ...toCurve(points) },
    { id: "front", label: words.front, colour: "var(--accent)", hasDots: true, ...toCurve(front) },
  ];
}

import { describe, expect, it } from "vitest";

import { type CurvePoint, extrapolateCurve } from "#main/compute/search/predictors/learningCurve.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";
import { meanOf } from "#shared/statistics/summary.ts";

const SHARES = [1, 2, 3, 4, 5, 6].map((mark) => mark / 12);
const toPoints = (scoreAt: (share: number) => number): CurvePoint[] =>
  SHARES.map((share) => ({ share, score: scoreAt(share) }));

describe("a learning curve's end", () => {
  it.each([
    ["a power", (share: number) => 0.9 - 0.02 * share ** -0.7],
    ["a hyperbola", (share: number) => 0.85 - (0.3 * 0.05) / (share + 0.05)],
    ["an exponential", (share: number) => 0.8 - 0.2 * Math.exp(-6 * share)],
  ])("is foretold within a thousandth of %s without noise", (_, scoreAt) => {
    expect(Math.abs(extrapolateCurve(toPoints(scoreAt)) - scoreAt(1))).toBeLessThan(1e-3);
  });

  it("is where the scores are, of a curve that falls or stays", () => {
    expect(extrapolateCurve(toPoints(() => 0.7))).toBeCloseTo(0.7, 12);
    expect(extrapolateCurve(toPoints((share) => 0.7 - 0.1 * share))).toBeCloseTo(
      meanOf(SHARES.map((share) => 0.7 - 0.1 * share)),
      12,
    );
  });

  it("is the mean of all curves, weighed by how well each fits, as a naive computation has it", () => {
    const random = createRandom(2, "naive");
    const points = toPoints((share) => 0.9 - 0.03 * share ** -0.5 + 0.003 * random.gaussian());
    const falls = [
      (shape: number) => (share: number) => share ** -(0.05 * 80 ** (shape / 23)),
      (shape: number) => (share: number) => (0.01 * 200 ** (shape / 23)) / (share + 0.01 * 200 ** (shape / 23)),
      (shape: number) => (share: number) => Math.exp(-0.5 * 80 ** (shape / 23) * share),
    ];
    let [weights, ends] = [0, 0];
    for (const family of falls) {
      for (let shape = 0; shape < 24; shape++) {
        // The normal equations of score = p + q * fall by Cramer's rule.
        const rows = points.map(({ share, score }) => [family(shape)(share), score] as const);
        const [n, x, y] = [rows.length, sumOf(rows, ([a]) => a), sumOf(rows, ([, b]) => b)];
        const [xx, xy] = [sumOf(rows, ([a]) => a * a), sumOf(rows, ([a, b]) => a * b)];
        const determinant = n * xx - x * x;
        const q = Math.min(0, (n * xy - x * y) / determinant);
        const p = (y - q * x) / n;
        const error = sumOf(rows, ([a, b]) => (b - p - q * a) ** 2) + n * 1e-10;
        const weight = error ** -2;
        weights += weight;
        ends += weight * (p + q * family(shape)(1));
      }
    }
    expect(extrapolateCurve(points)).toBeCloseTo(ends / weights, 9);
  });

  it("is nearer than the last score, and orders trainings better, on curves that cross and are noisy", () => {
    const random = createRandom(1, "curves");
    const curves = Array.from({ length: 300 }, () => {
      const [end, gain, rate] = [
        0.8 + 0.03 * random.uniform(),
        0.15 + 0.1 * random.uniform(),
        2 + 5 * random.uniform(),
      ];
      const scoreAt = (share: number): number => end - gain * Math.exp(-rate * share);
      const points = toPoints((share) => scoreAt(share) + 0.0005 * random.gaussian());
      return { truth: scoreAt(1), last: points.at(-1)!.score, foretold: extrapolateCurve(points) };
    });
    const errorOf = (key: "last" | "foretold"): number =>
      meanOf(curves.map((curve) => Math.abs(curve[key] - curve.truth)));
    const tauOf = (key: "last" | "foretold"): number =>
      kendallTau(
        curves.map((curve) => curve[key]),
        curves.map(({ truth }) => truth),
      )!;
    expect(errorOf("foretold")).toBeLessThan(errorOf("last") / 2);
    expect(tauOf("foretold")).toBeGreaterThan(tauOf("last") + 0.05);
  });

  it("is refused of fewer than four points", () => {
    expect(() => extrapolateCurve(toPoints(() => 1).slice(0, 3))).toThrow("must have at least four points, got 3");
  });
});

function sumOf<T>(rows: readonly T[], pick: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + pick(row), 0);
}

import { describe, expect, it } from "vitest";

import { dominantEigenvalue } from "#main/compute/search/stopping/dominantEigenvalue.ts";

const SETTINGS = { step: 0.05, mostIterations: 60, tolerance: 1e-4 };

/** Gradients of a quadratic: eigenvalues along (1, 1, 0) / sqrt 2, (1, -1, 0) / sqrt 2 and (0, 0, 1), and a slope. */
function quadratic([first, second, third]: readonly [number, number, number]) {
  const [same, other] = [(first + second) / 2, (first - second) / 2];
  return ([x = 0, y = 0, z = 0]: readonly number[]): number[] => [
    same * x + other * y + 2,
    other * x + same * y - 1,
    third * z,
  ];
}

describe("the dominant eigenvalue", () => {
  it.each([
    [[3, 1, 0.5], 3],
    [[0.2, 2, -1], 2],
    [[1, 0.5, -4], -4],
  ] as const)("of a quadratic with the eigenvalues %j is found within one per cent", (eigenvalues, expected) => {
    const found = dominantEigenvalue(quadratic(eigenvalues), [1, 0.3, 0.7], SETTINGS);
    expect(Math.abs(found - expected) / Math.abs(expected)).toBeLessThan(0.01);
  });

  it("is zero where the gradient does not change", () => {
    expect(dominantEigenvalue(() => [1, 2], [1, 1], SETTINGS)).toBe(0);
  });

  it("is found with so many gradients at most", () => {
    let calls = 0;
    const gradient = quadratic([3, 2.9, 0.5]);
    const counted = (shift: readonly number[]): number[] => {
      calls += 1;
      return gradient(shift);
    };
    dominantEigenvalue(counted, [1, 0.3, 0.7], { ...SETTINGS, mostIterations: 3, tolerance: 0 });
    expect(calls).toBe(6);
  });
});

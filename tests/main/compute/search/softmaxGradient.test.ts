import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { softmaxGradient } from "#main/compute/search/softmaxGradient.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

const anyRow = fc.array(
  fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

describe("softmaxGradient", () => {
  it("agrees with finite differences, whatever the logits and slopes", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const logits = row.map(([logit]) => logit);
        const slopes = row.map(([, slope]) => slope);
        const objective = (at: number[]): number =>
          softmax(at).reduce((sum, weight, i) => sum + weight * slopes[i]!, 0);
        const gradient = softmaxGradient(softmax(logits), slopes);
        logits.forEach((_, i) => {
          const move = (step: number): number => objective(logits.map((logit, k) => (k === i ? logit + step : logit)));
          expect(gradient[i]).toBeCloseTo((move(1e-5) - move(-1e-5)) / 2e-5, 7);
        });
      }),
    );
  });

  it("is zero where all slopes are equal: a softmax does not feel a common shift", () => {
    for (const value of softmaxGradient([0.25, 0.25, 0.5], [3, 3, 3])) expect(value).toBeCloseTo(0, 12);
  });
});

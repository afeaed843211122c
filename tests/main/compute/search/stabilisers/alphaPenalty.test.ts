import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { alphaPenalty, alphaPenaltyAt, alphaPenaltyGradient } from "#main/compute/search/stabilisers/alphaPenalty.ts";
import { sigmoidGradient } from "#main/compute/search/stabilisers/sigmoidGradient.ts";
import { stabilisersSchema } from "#shared/runs/stabilisersSchema.ts";
import { toOpWeights } from "#shared/space/cells/opWeights.ts";

const logit = fc.double({ min: -4, max: 4, noNaN: true });
const rows = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) =>
    fc.array(fc.array(logit, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
  );

describe("the terms of alpha alone", () => {
  it.each([
    { betaDecay: 3, zeroOne: 0 },
    { betaDecay: 0, zeroOne: 10 },
    { betaDecay: 0.5, zeroOne: 2 },
  ])("have the gradient that finite differences give, %o", (terms) => {
    fc.assert(
      fc.property(rows, (alpha) => {
        const gradient = alphaPenaltyGradient(terms, alpha);
        alpha.flat().forEach((_, moved) => {
          const { length } = alpha[0]!;
          const at = (step: number): number =>
            alphaPenalty(
              terms,
              alpha.map((row, r) => row.map((value, i) => (r * length + i === moved ? value + step : value))),
            );
          expect(gradient[moved]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
        });
      }),
    );
  });

  it("come to a mean over edges that is worked out by hand", () => {
    // logsumexp of equal logits a is a + log n; a sigmoid of 0 is a half.
    expect(
      alphaPenalty({ betaDecay: 2, zeroOne: 0 }, [
        [1, 1],
        [0, 0],
      ]),
    ).toBeCloseTo(2 * (0.5 + Math.log(2)), 12);
    expect(alphaPenalty({ betaDecay: 0, zeroOne: 10 }, [[0, 0]])).toBeCloseTo(0, 12);
    expect(alphaPenalty({ betaDecay: 0, zeroOne: 10 }, [[50, -50]])).toBeCloseTo(-2.5, 10);
  });

  it("grow with the search for beta-decay, and stay for the zero-one loss", () => {
    const decay = stabilisersSchema.parse({ betaDecay: 50 });
    expect([0, 0.5, 1].map((share) => alphaPenaltyAt(decay, share)?.betaDecay)).toEqual([undefined, 25, 50]);
    const fair = stabilisersSchema.parse({ opWeights: { kind: "sigmoid" } });
    expect([0, 1].map((share) => alphaPenaltyAt(fair, share)?.zeroOne)).toEqual([10, 10]);
    expect([0, 1].map((share) => alphaPenaltyAt(stabilisersSchema.parse({}), share))).toEqual([null, null]);
  });
});

describe("sigmoidGradient", () => {
  it("agrees with finite differences, whatever the logits and slopes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(logit, logit), { minLength: 1, maxLength: 6 }), (row) => {
        const logits = row.map(([value]) => value);
        const slopes = row.map(([, slope]) => slope);
        const objective = (at: number[]): number =>
          toOpWeights("sigmoid", at).reduce((sum, weight, i) => sum + weight * slopes[i]!, 0);
        const gradient = sigmoidGradient(toOpWeights("sigmoid", logits), slopes);
        logits.forEach((_, i) => {
          const move = (step: number): number => objective(logits.map((value, k) => (k === i ? value + step : value)));
          expect(gradient[i]).toBeCloseTo((move(1e-5) - move(-1e-5)) / 2e-5, 7);
        });
      }),
    );
  });
});

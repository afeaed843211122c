import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { softmax } from "#shared/space/cells/softmax.ts";
import { chooseLevels } from "#shared/space/spaces/scales/levelChoice.ts";

import { searchOutcomes } from "#tests/shared/space/arbitraries.ts";

const outcomes = searchOutcomes.filter(({ kind }) => kind === "scales");

describe("the width levels of a U", () => {
  it("weigh most, each place by itself, the narrowest where several do", () => {
    fc.assert(
      fc.property(outcomes, ({ logits: { beta } }) => {
        const { path } = chooseLevels(beta);
        expect(path).toHaveLength(beta.length);
        for (const [place, row] of beta.entries()) {
          const weights = softmax(row);
          expect(path[place]).toBe(weights.indexOf(Math.max(...weights)));
        }
      }),
    );
  });

  it("come with each level's weight, and its product with the strongest ones before it", () => {
    const { trellis } = chooseLevels([
      [Math.log(3), 0],
      [0, Math.log(4)],
    ]);
    expect(trellis.map((levels) => levels.map(({ level, from }) => [level, from]))).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    const numbers = trellis.flat().flatMap(({ moveWeight, product }) => [moveWeight, product]);
    const expected = [3 / 4, 3 / 4, 1 / 4, 1 / 4, 1 / 5, 3 / 20, 4 / 5, 12 / 20];
    expect(numbers).toEqual(expected.map((number) => expect.closeTo(number, 12) as number));
  });
});

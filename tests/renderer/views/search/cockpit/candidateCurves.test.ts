import { describe, expect, it } from "vitest";

import { drawCosts, drawScores } from "#renderer/views/search/cockpit/candidateCurves.ts";

const CANDIDATES = [
  { score: 0.5, multiplyAddsPerPixel: 3000 },
  { score: 0.4, multiplyAddsPerPixel: 1000 },
  { score: 0.7, multiplyAddsPerPixel: 2000 },
  { score: 0.6, multiplyAddsPerPixel: 2000 },
];

describe("the charts of candidates", () => {
  it("have each score where it came, and the best so far", () => {
    const [scores, best] = drawScores(CANDIDATES);
    expect([scores!.x, scores!.y]).toEqual([
      [1, 2, 3, 4],
      [0.5, 0.4, 0.7, 0.6],
    ]);
    expect(best!.y).toEqual([0.5, 0.5, 0.7, 0.7]);
    expect(drawScores([{ score: -7 }])[1]!.y).toEqual([-7]);
  });

  it("have scores over cost, and join those that none beats at their cost or below", () => {
    const [all, front] = drawCosts(CANDIDATES);
    expect(all!.x).toEqual([1, 2, 2, 3]);
    expect([front!.x, front!.y]).toEqual([
      [1, 2],
      [0.4, 0.7],
    ]);
  });
});

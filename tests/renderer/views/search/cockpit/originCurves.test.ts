import { describe, expect, it } from "vitest";

import type { Candidate } from "#shared/api/runs.ts";
import { drawOrigins, findLineage } from "#renderer/views/search/cockpit/originCurves.ts";

type Scored = Pick<Candidate, "genotypeHash" | "score" | "fidelity" | "origin">;

function scored(hash: string, score: number, origin?: Candidate["origin"], fidelity = 1): Scored {
  return { genotypeHash: hash, score, fidelity, ...(origin === undefined ? {} : { origin }) };
}

const FAMILY = [
  scored("a", 0.5),
  scored("b", 0.6),
  scored("c", 0.55, { parent: "a" }),
  scored("d", 0.7, { parent: "b" }),
  scored("e", 0.65, { parent: "c" }),
  scored("f", 0.8, { parent: "e" }),
];

describe("the charts of what a strategy knew", () => {
  it("follow the best back to the random one that it was changed from", () => {
    expect(findLineage(FAMILY)).toEqual([0, 2, 4, 5]);
    const [lineage, ...others] = drawOrigins(FAMILY);
    expect(others).toEqual([]);
    expect(lineage).toMatchObject({ id: "lineage", note: "3 changes from a random one" });
    expect(lineage!.curves[1]).toMatchObject({ x: [1, 3, 5, 6], y: [0.5, 0.55, 0.65, 0.8] });
  });

  it("take the best of what most was spent on, and its last score before the child", () => {
    const rungs = [scored("a", 0.9, undefined, 0.5), scored("a", 0.6), scored("b", 0.7, { parent: "a" })];
    expect(findLineage(rungs)).toEqual([1, 2]);
  });

  it("have measured scores over predicted ones with their agreement, by hand", () => {
    const predicted = (mean: number, deviation = 0.1) => ({ predicted: { mean, deviation } });
    const [chart, ...others] = drawOrigins([
      scored("a", 0.2),
      scored("b", 0.5, predicted(0.4)),
      scored("c", 0.3, predicted(0.2)),
      scored("d", 0.9, predicted(0.3)),
      scored("e", 0.1, predicted(0.9), 0.3),
    ]);
    expect(others).toEqual([]);
    // Of three pairs two are in order, and one of three scores is six deviations away.
    expect(chart).toMatchObject({ id: "calibration", note: "Kendall's tau 0.3333, 67 % within two deviations" });
    expect(chart!.curves.map(({ x, y }) => [x, y])).toEqual([
      [
        [0.2, 0.3, 0.4],
        [0.3, 0.9, 0.5],
      ],
      [
        [0.2, 0.4],
        [0.2, 0.4],
      ],
    ]);
  });

  it("have the controller's entropy where there is a controller, and nothing for a strategy that knows nothing", () => {
    const [chart] = drawOrigins([scored("a", 0.2, { entropy: 1.1 }), scored("b", 0.3, { entropy: 0.9 })]);
    expect(chart!.curves[0]).toMatchObject({ x: [1, 2], y: [1.1, 0.9] });
    expect(drawOrigins([scored("a", 0.2), scored("b", 0.3)])).toEqual([]);
    expect(drawOrigins([])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";

import { candidateLines, pickCandidate } from "#main/lab/runs/searchEpochs.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

/** The candidates of a search with these scores, numbered from 1. */
function candidatesWith(scores: readonly number[]): EventOf<"candidate">[] {
  const genotype = createCellsSpace(searchSpaceSchema.parse({ layers: 1 })).sample(createRandom(0));
  return scores.map((score, index) => ({
    time: "2026-11-30T00:00:00.000Z",
    type: "candidate",
    step: 10 * (index + 1),
    epoch: index + 1,
    genotype,
    genotypeHash: "00000000",
    score,
    parameters: 12_345,
    multiplyAddsPerPixel: 678.9,
    fidelity: 1,
    strategy: "evolution",
  }));
}

describe("pickCandidate", () => {
  const events = candidatesWith([0.7, 0.9, 0.9, 0.8]);

  it("picks the best by score, the earlier of two, or the one of a number", () => {
    expect(pickCandidate(events, null, "RUN").epoch).toBe(2);
    expect(pickCandidate(events, 4, "RUN").score).toBe(0.8);
    // What was trained a little does not compare with what was trained whole.
    const mixed = events.map((event) => (event.score === 0.9 ? { ...event, fidelity: 1 / 3 } : event));
    expect(pickCandidate(mixed, null, "RUN").epoch).toBe(4);
  });

  it("says which there are where one is not", () => {
    expect(() => pickCandidate(events, 5, "RUN")).toThrow("the candidate of run RUN must be one of 1 to 4, got 5");
    expect(() => pickCandidate([], null, "RUN")).toThrow("run RUN has scored no candidate yet");
  });

  it("is explained by place and cost", () => {
    expect(candidateLines(pickCandidate(events, 4, "RUN"), events)).toEqual([
      "candidate 4 of 4 by evolution: score 0.8000, place 3",
      "parameters 12345, multiply-adds per pixel 679",
    ]);
  });
});

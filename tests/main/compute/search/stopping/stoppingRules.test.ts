import { describe, expect, it } from "vitest";

import type { EpochMeasure } from "#main/compute/search/stopping/epochMeasure.ts";
import { countStableEpochs, reasonToStop } from "#main/compute/search/stopping/stoppingRules.ts";
import { type Stopping, stoppingSchema } from "#shared/runs/stoppingSchema.ts";

const NOTHING: EpochMeasure = { epoch: 0, score: null, skips: [0, 0], winners: ["conv_3x3"], eigenvalue: null };

/** The epoch after which a rule stops a history of measures; null where it never does. */
function stopsAt(settings: Partial<Stopping>, history: readonly Partial<EpochMeasure>[]): number | null {
  const stopping = stoppingSchema.parse(settings);
  const measures = history.map((measure, index) => ({ ...NOTHING, epoch: index + 1, ...measure }));
  const index = measures.findIndex((_, end) => reasonToStop(stopping, measures.slice(0, end + 1)) !== null);
  return index === -1 ? null : index + 1;
}

describe("the rules for stopping", () => {
  it("never stop a search that has none, or of which nothing was measured", () => {
    expect(stopsAt({ kind: "none" }, [{ skips: [9, 9] }])).toBeNull();
    expect(reasonToStop(stoppingSchema.parse({ kind: "skips", limit: 0 }), [])).toBeNull();
  });

  it("stop at the first epoch in which one cell would keep more skip connections than the limit", () => {
    const history = [[0, 1], [2, 2], [2, 3], [0, 0]].map((skips) => ({ skips })); // prettier-ignore
    expect(stopsAt({ kind: "skips" }, history)).toBe(3);
    expect(stopsAt({ kind: "skips", limit: 3 }, history)).toBeNull();
  });

  it("stop when every edge has had the same best primitive for so many epochs in a row", () => {
    const history = ["a", "b", "b", "c", "c", "c", "c"].map((winner) => ({ winners: ["x", winner] }));
    expect(stopsAt({ kind: "stableRank", epochs: 3 }, history)).toBe(6);
    expect(stopsAt({ kind: "stableRank", epochs: 5 }, history)).toBeNull();
  });

  it("count the epochs since some edge changed its mind", () => {
    const measures = ["a", "b", "b"].map((winner) => ({ ...NOTHING, winners: ["x", winner] }));
    expect([0, 1, 2, 3].map((epochs) => countStableEpochs(measures.slice(0, epochs)))).toEqual([0, 1, 1, 2]);
  });

  it("stop when the score has not become better for so many epochs, a tie being no better", () => {
    const history = [null, 0.7, 0.8, 0.75, 0.8, 0.79].map((score) => ({ score }));
    expect(stopsAt({ kind: "bestValidation", patience: 3 }, history)).toBe(6);
    expect(stopsAt({ kind: "bestValidation", patience: 2 }, history)).toBe(5);
    expect(stopsAt({ kind: "bestValidation", patience: 4 }, history)).toBeNull();
  });

  it("stop when the averaged eigenvalue rises above the ratio, not before the epoch and only where it was measured", () => {
    // Averages over five at epochs 2, 4, ...: 1 until epoch 10, then 1.2 and 1.4 against 1.
    const values = [1, 1, 1, 1, 1, 2, 2, 2];
    const history = values.flatMap((eigenvalue) => [{ eigenvalue: null }, { eigenvalue }]);
    expect(stopsAt({ kind: "hessian" }, history)).toBe(14);
    expect(stopsAt({ kind: "hessian", ratio: 1.5 }, history)).toBe(16);
    expect(stopsAt({ kind: "hessian", fromEpoch: 16 }, history)).toBe(16);
    expect(stopsAt({ kind: "hessian", ratio: 3 }, history)).toBeNull();
  });

  it("do not take a falling or negative eigenvalue for a rise", () => {
    const history = [3, 2, 1, 1, 1, 1, -1, -4].map((eigenvalue) => ({ eigenvalue }));
    expect(stopsAt({ kind: "hessian", fromEpoch: 1 }, history)).toBeNull();
  });
});

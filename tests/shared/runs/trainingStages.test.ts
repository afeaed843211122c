import { describe, expect, it } from "vitest";

import { trainConfigSchema } from "#shared/runs/config.ts";
import { listStages, stageAt } from "#shared/runs/trainingStages.ts";

const stagesOf = (training: object) => listStages(trainConfigSchema.parse({ training }).training);

describe("the stages of a training", () => {
  it("are one with the training's own sizes where none are named", () => {
    const only = { batchSize: 24, patchSize: 64, firstStep: 0, steps: 600_000, firstItem: 0 };
    expect(stagesOf({})).toEqual([only]);
  });

  it("take their shares of the steps, and go on counting patches where the one before ends", () => {
    const stages = [
      { share: 0.75, batchSize: 32, patchSize: 48 },
      { share: 0.25, batchSize: 12, patchSize: 80 },
    ];
    expect(stagesOf({ steps: 1001, stages })).toEqual([
      { batchSize: 32, patchSize: 48, firstStep: 0, steps: 751, firstItem: 0 },
      { batchSize: 12, patchSize: 80, firstStep: 751, steps: 250, firstItem: 751 * 32 },
    ]);
  });

  it.each([1, 2, 7, 100])("cover all of %d steps, those of no step left out", (steps) => {
    const stage = { batchSize: 2, patchSize: 16 };
    const listed = stagesOf({ steps, stages: [0.333, 0.333, 0.333].map((share) => ({ share, ...stage })) });
    expect(listed.reduce((sum, each) => sum + each.steps, 0)).toBe(steps);
    expect(listed.every((each) => each.steps > 0)).toBe(true);
    for (const [index, each] of listed.entries()) {
      const before = listed.slice(0, index).reduce((sum, { steps: taken }) => sum + taken, 0);
      expect([each.firstStep, each.firstItem]).toEqual([before, 2 * before]);
    }
  });

  it("are found by a step, the last one also past the end", () => {
    const stage = { batchSize: 2, patchSize: 16, steps: 5, firstItem: 0 };
    const [early, late] = [
      { ...stage, firstStep: 0 },
      { ...stage, firstStep: 5 },
    ];
    expect([-1, 0, 4, 5, 9, 10].map((step) => stageAt([early, late], step).firstStep)).toEqual([0, 0, 0, 5, 5, 5]);
  });
});

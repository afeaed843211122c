import { describe, expect, it } from "vitest";

import { addStep, createStepColumns, thinSteps } from "#shared/runs/stepSeries.ts";
import { readWholeSteps } from "#renderer/views/search/cockpit/wholeSteps.ts";

describe("reading a whole run", () => {
  it("brings every step of a run that is longer than an answer may be", async () => {
    const columns = createStepColumns();
    const last = 45_001;
    for (let step = 1; step <= last; step++) {
      addStep(columns, {
        type: "step",
        time: new Date(step).toISOString(),
        step,
        totalSteps: last,
        epoch: step / 100,
        loss: 1 / step,
        learningRate: 0.1,
        secondsPerStep: 0.01,
        residentMb: 1,
        tensors: 1,
      });
    }
    const asked: number[] = [];
    const lab = {
      readRunSteps: ({ fromStep, toStep, points }: Record<"fromStep" | "toStep" | "points", number>) => {
        asked.push(points);
        return Promise.resolve(thinSteps(columns, fromStep, toStep, points));
      },
    };
    expect(await readWholeSteps(lab, "a run", last)).toEqual(columns);
    expect(asked).toEqual([20_000, 20_000, 20_000]);
  });
});

import { describe, expect, it } from "vitest";

import { thinSteps } from "#shared/runs/history/stepColumns.ts";
import { readWholeSteps } from "#renderer/run/wholeSteps.ts";
import { buildSteps } from "#tests/helpers/stepColumns.ts";

describe("reading a whole run", () => {
  it("brings every step of a run that is longer than an answer may be", async () => {
    const last = 45_001;
    const columns = buildSteps(last);
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

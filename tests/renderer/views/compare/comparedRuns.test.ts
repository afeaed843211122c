import { describe, expect, it } from "vitest";

import { createStepColumns, thinSteps } from "#shared/runs/history/stepColumns.ts";
import { readWholeRuns } from "#renderer/views/compare/useComparedRuns.ts";
import { buildSteps } from "#tests/helpers/stepColumns.ts";

describe("reading the whole of compared runs", () => {
  it("brings every step of each, of which the window has a few", async () => {
    const stored = new Map([
      ["long", buildSteps(3_000)],
      ["short", buildSteps(7)],
    ]);
    const thinned = [...stored].map(([id, steps]) => {
      const { step: ends } = steps;
      return [id, { startMs: 1, steps: thinSteps(steps, 0, ends.length, 5) }] as const;
    });
    const lab = {
      readRunSteps: ({
        id,
        fromStep,
        toStep,
        points,
      }: Record<"fromStep" | "toStep" | "points", number> & { id: string }) =>
        Promise.resolve(thinSteps(stored.get(id) ?? createStepColumns(), fromStep, toStep, points)),
    };
    const whole = await readWholeRuns(lab, new Map(thinned));
    expect([...whole].map(([id, { steps }]) => [id, steps])).toEqual([...stored]);
  });
});

import { describe, expect, it } from "vitest";

import { addStep, createStepColumns } from "#shared/runs/history/stepColumns.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { toLoad, toMemory } from "#renderer/run/stepCurves.ts";
import { X_AXES } from "#renderer/run/xAxis.ts";

function historyOf(...loads: readonly Partial<EventOf<"step">>[]) {
  const steps = createStepColumns();
  for (const [index, load] of loads.entries()) {
    const facts = { epoch: 1, loss: 1, learningRate: 0.1, secondsPerStep: 0.5, residentMb: 100, tensors: 1 };
    const time = new Date(index).toISOString();
    addStep(steps, { type: "step", time, step: index + 1, totalSteps: 2, ...facts, ...load });
  }
  return { steps, startMs: 0 };
}

describe("the curves of what a run takes", () => {
  it("have the processor alone where no driver tells of a graphics card", () => {
    const history = historyOf({ cpuShare: 0.5 }, {});
    const loads = toLoad(history, X_AXES.step);
    expect(loads.map(({ label, y }) => [label, y])).toEqual([["Processor", [50, null]]]);
    expect(toMemory(history, X_AXES.step).map(({ label }) => label)).toEqual(["MB"]);
  });

  it("have load and memory of the card beside them where one does", () => {
    const history = historyOf({}, { cpuShare: 0.25, gpuShare: 0.75, gpuMemoryMb: 900, gpuMemoryTotalMb: 81_920 });
    const loads = toLoad(history, X_AXES.step);
    expect(loads.map(({ label, y }) => [label, y])).toEqual([
      ["Processor", [null, 25]],
      ["GPU", [null, 75]],
    ]);
    const memory = toMemory(history, X_AXES.step);
    expect(memory.map(({ label, y }) => [label, y])[1]).toEqual(["GPU, of 81\u202f920 MB", [null, 900]]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  addStep,
  appendSteps,
  copySteps,
  createStepColumns,
  dropVoidSteps,
  halveSteps,
  thinSteps,
} from "#shared/runs/history/stepColumns.ts";

import { stepEvent } from "#tests/helpers/runEvents.ts";

function columnsOf(losses: readonly number[]) {
  const columns = createStepColumns();
  for (const [index, loss] of losses.entries()) addStep(columns, { ...stepEvent(index + 1), loss });
  return columns;
}

const ALL = Number.MAX_SAFE_INTEGER;

describe("step columns", () => {
  it("hold each event as a row, and nothing for an arch loss and an expected cost that there are not", () => {
    const columns = createStepColumns();
    addStep(columns, stepEvent(10));
    addStep(columns, { ...stepEvent(11), archLoss: 0.25, expectedCost: 900, gpuShare: 0.5, gpuMemoryMb: 900 });
    expect(columns).toEqual({
      step: [10, 11],
      epoch: [1, 1.1],
      time: [Date.UTC(2026, 0, 2, 3, 4, 5), Date.UTC(2026, 0, 2, 3, 4, 5)],
      loss: [1 / 11, 1 / 12],
      archLoss: [null, 0.25],
      expectedCost: [null, 900],
      learningRate: [0.1, 0.1],
      secondsPerStep: [0.5, 0.5],
      residentMb: [100, 100],
      cpuShare: [null, null],
      gpuShare: [null, 0.5],
      gpuMemoryMb: [null, 900],
      gpuMemoryTotalMb: [null, null],
    });
  });

  it("lose the steps that a restart made void", () => {
    const columns = columnsOf([5, 4, 3, 2]);
    dropVoidSteps(columns, { step: 2 });
    expect(columns.step).toEqual([1, 2]);
    expect(columns.loss).toEqual([5, 4]);
    dropVoidSteps(columns, { step: 0 });
    expect(columns.step).toEqual([]);
  });

  it("have the same names wherever they are copied, joined or thinned, each with a value for each step", () => {
    const whole = columnsOf([5, 4, 3, 2, 1]);
    const joined = copySteps(thinSteps(whole, 1, 2, 5));
    appendSteps(joined, thinSteps(whole, 3, 5, 5));
    expect(joined).toEqual(whole);
    expect(Object.keys(joined)).toEqual(Object.keys(createStepColumns()));
    expect(Object.values(joined).map((column) => column.length)).toEqual(Object.values(whole).map(() => 5));
  });

  it("are independent of those they were copied from", () => {
    const first = columnsOf([5]);
    addStep(copySteps(first), stepEvent(2));
    expect(first.step).toEqual([1]);
  });

  it("lose every second step when halved, and never the newest", () => {
    const [odd, even] = [columnsOf([5, 4, 3, 2, 1]), columnsOf([4, 3, 2, 1])];
    halveSteps(odd);
    halveSteps(even);
    expect([odd.step, odd.loss, even.step, even.loss]).toEqual([
      [1, 3, 5],
      [5, 3, 1],
      [2, 4],
      [3, 1],
    ]);
  });
});

describe("thinSteps", () => {
  it("gives all rows of a range where they are few enough", () => {
    expect(thinSteps(columnsOf([5, 4, 3, 2, 1]), 2, 4, 3)).toMatchObject({ step: [2, 3, 4], loss: [4, 3, 2] });
    expect(thinSteps(columnsOf([5]), 7, 9, 3).step).toEqual([]);
  });

  it("keeps a spike that lies between the points", () => {
    const losses = Array.from({ length: 1000 }, (_, i) => (i === 618 ? 50 : 1));
    const thin = thinSteps(columnsOf(losses), 0, ALL, 20);
    expect(thin.step).toHaveLength(20);
    expect(thin.step).toContain(619);
    expect(thin.step.at(-1)).toBe(1000);
  });

  it("gives rising steps within the range, at most as many as asked for, each with its own values, and the last", () => {
    const cases = fc.record({
      losses: fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 300 }),
      from: fc.nat(300),
      to: fc.nat(300),
      points: fc.integer({ min: 2, max: 50 }),
    });
    fc.assert(
      fc.property(cases, ({ losses, from, to, points }) => {
        const { step, loss } = thinSteps(columnsOf(losses), from, to, points);
        const inRange = losses.map((_, i) => i + 1).filter((each) => each >= from && each <= to);
        expect(step).toHaveLength(Math.min(points, inRange.length));
        expect(step).toEqual([...new Set(step)].toSorted((a, b) => a - b));
        expect(step.at(-1)).toBe(inRange.at(-1));
        expect(loss).toEqual(step.map((each) => losses[each - 1]));
      }),
    );
  });
});

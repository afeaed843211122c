import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { StepClock } from "#main/compute/job/stepClock.ts";

/** Time passes here only when a test says so. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

describe("StepClock", () => {
  it("tells the first step, and then no more than four in a second", () => {
    const clock = new StepClock();
    const due = Array.from({ length: 11 }, () => {
      pass(0.1);
      return clock.tick(false).isDue;
    });
    expect(due).toEqual([true, false, false, true, false, false, true, false, false, true, false]);
  });

  it("always tells the last step", () => {
    const clock = new StepClock();
    clock.tick(false);
    pass(0.001);
    expect(clock.tick(true).isDue).toBe(true);
  });

  it("starts from the first step's time and moves a tenth of the way to each later one", () => {
    const clock = new StepClock();
    pass(2);
    expect(clock.tick(false).secondsPerStep).toBeCloseTo(2, 9);
    pass(1);
    expect(clock.tick(false).secondsPerStep).toBeCloseTo(1.9, 9);
    pass(1);
    expect(clock.tick(false).secondsPerStep).toBeCloseTo(1.81, 9);
  });

  it("does not count what passed before a restart", () => {
    const clock = new StepClock();
    pass(1);
    clock.tick(false);
    pass(3600);
    clock.restart();
    pass(1);
    expect(clock.tick(false).secondsPerStep).toBeCloseTo(1, 9);
  });
});

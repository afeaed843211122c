import { describe, expect, it } from "vitest";

import { secondsLeft } from "#shared/runs/secondsLeft.ts";

const running = { state: "running", step: 40, totalSteps: 100, secondsPerStep: 0.5 } as const;

describe("secondsLeft", () => {
  it("multiplies the steps to come by the speed", () => {
    expect(secondsLeft(running)).toBe(30);
    expect(secondsLeft({ ...running, step: 100 })).toBe(0);
  });

  it("is not known before the first step, and of a run that does not compute", () => {
    expect(secondsLeft({ ...running, secondsPerStep: null })).toBeNull();
    expect(secondsLeft({ ...running, state: "paused" })).toBeNull();
    expect(secondsLeft({ ...running, state: "finished" })).toBeNull();
  });
});

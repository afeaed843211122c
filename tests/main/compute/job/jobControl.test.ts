import { setImmediate } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { JobControl } from "#main/compute/job/jobControl.ts";

describe("JobControl", () => {
  it("lets a job run on until it is told to stop", async () => {
    const control = new JobControl();
    expect(await control.proceed()).toBe(true);
    control.set("stop");
    expect(await control.proceed()).toBe(false);
  });

  it("lets orders in that wait their turn", async () => {
    const control = new JobControl();
    const going = control.proceed();
    queueMicrotask(() => {
      control.set("stop");
    });
    expect(await going).toBe(false);
  });

  it.each([
    ["run", true],
    ["stop", false],
  ] as const)("holds a paused job until it is told to %s", async (order, goesOn) => {
    const control = new JobControl();
    control.set("pause");
    expect(control.isPaused).toBe(true);
    let answer: boolean | null = null;
    const going = control.proceed().then((value) => (answer = value));
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    expect(answer).toBeNull();
    control.set("pause");
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    expect(answer).toBeNull();
    control.set(order);
    await going;
    expect(answer).toBe(goesOn);
  });
});

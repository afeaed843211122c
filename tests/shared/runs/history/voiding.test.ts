import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addEvents, createRunHistory } from "#shared/runs/history/runHistory.ts";
import { dropVoid, listCounting } from "#shared/runs/history/voiding.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { logEvent as log, stepEvent } from "#tests/helpers/runEvents.ts";

const time = "2026-01-02T03:04:05.000Z";
const checkpoint = (step: number): RunEvent => ({ time, type: "checkpoint", step, kind: "last", file: "c" });
const resumed = (step: number): RunEvent => ({ time, type: "resumed", step });

describe("listCounting", () => {
  it("leaves out what was done after the checkpoint that a restart began from", () => {
    const events = [checkpoint(1), checkpoint(2), checkpoint(3), log("killed"), resumed(2), checkpoint(3)];
    expect(listCounting(events)).toEqual([checkpoint(1), checkpoint(2), log("killed"), resumed(2), checkpoint(3)]);
  });

  it("lets a later restart from an earlier step cancel what an earlier restart had kept", () => {
    const events = [checkpoint(1), checkpoint(2), resumed(2), checkpoint(3), resumed(1), checkpoint(2)];
    expect(listCounting(events)).toEqual([checkpoint(1), resumed(2), resumed(1), checkpoint(2)]);
  });

  it("shows the same steps as an unbroken run, whatever restarts there were", () => {
    const anyRestarts = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(8)), { maxLength: 5 });
    fc.assert(
      fc.property(anyRestarts, (restarts) => {
        const events: RunEvent[] = [];
        let step = 0;
        for (const [done, back] of restarts) {
          for (let i = 0; i < done; i += 1) events.push(stepEvent((step += 1)));
          step = Math.max(0, step - back);
          events.push(resumed(step));
        }
        while (step < 60) events.push(stepEvent((step += 1)));
        const unbroken = Array.from({ length: 60 }, (_, index) => index + 1);
        const listed = listCounting(events).flatMap((event) => (event.type === "step" ? [event.step] : []));
        expect(listed).toEqual(unbroken);
        const { steps } = addEvents(createRunHistory(), events, { steps: Infinity, logLines: 0 });
        expect(steps.step).toEqual(unbroken);
      }),
    );
  });
});

describe("dropVoid", () => {
  it("gives back the very same list where all of it counts", () => {
    const list = [{ step: 1 }, { step: 2 }];
    expect(dropVoid(list, { step: 2 })).toBe(list);
    expect(dropVoid(list, { step: 1 })).toEqual([{ step: 1 }]);
  });
});

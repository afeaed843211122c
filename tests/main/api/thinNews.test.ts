import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { thinNews } from "#main/api/thinNews.ts";
import type { RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { logEvent, stateEvent, stepEvent } from "#tests/helpers/runEvents.ts";

describe("thinNews", () => {
  it("leaves a few events as they are", () => {
    const events = [stepEvent(1), logEvent("a"), stateEvent("paused"), stepEvent(2)];
    expect(thinNews(events)).toEqual(events);
  });

  it("drops every second step of too many, and keeps the newest", () => {
    const kept = thinNews(Array.from({ length: 401 }, (_, i) => stepEvent(i + 1)));
    expect(kept).toHaveLength(201);
    expect(kept[0]).toEqual(stepEvent(1));
    expect(kept.at(-1)).toEqual(stepEvent(401));
    expect(thinNews(Array.from({ length: 402 }, (_, i) => stepEvent(i + 1))).at(-1)).toEqual(stepEvent(402));
  });

  it("drops the oldest of too many log lines", () => {
    const kept = thinNews(Array.from({ length: 500 }, (_, i) => logEvent(String(i))));
    expect(kept).toHaveLength(400);
    expect(kept[0]).toEqual(logEvent("100"));
  });

  it("keeps the order, the last step and everything that is neither step nor log, whatever comes", () => {
    const event = fc.oneof(
      { weight: 8, arbitrary: fc.nat().map(stepEvent) },
      { weight: 4, arbitrary: fc.string().map(logEvent) },
      { weight: 1, arbitrary: fc.constantFrom<RunState>("running", "finished").map(stateEvent) },
    );
    fc.assert(
      fc.property(fc.array(event, { minLength: 500, maxLength: 1500, size: "max" }), (events) => {
        const kept = thinNews(events);
        const isRare = ({ type }: RunEvent): boolean => type === "state";
        expect(kept.filter(isRare)).toEqual(events.filter(isRare));
        const isStep = ({ type }: RunEvent): boolean => type === "step";
        expect(kept.findLast(isStep)).toBe(events.findLast(isStep));
        const places = kept.map((each) => events.indexOf(each));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });
});

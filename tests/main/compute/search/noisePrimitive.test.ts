import { describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";

import { countLeaks } from "#tests/helpers/tensors.ts";
import { makeContext, makeRunFolder, numbersOf } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";
import { searchBroken, searchWhole } from "#tests/main/compute/search/wholeAndBroken.ts";

const withNoise = (recompute: boolean) =>
  configOf({ checkpointEverySteps: 1, recompute }, { primitives: ["conv_3x3", "noise", "none"] });

describe("a search with noise among its candidates", () => {
  it("goes on after a stop to the same numbers, and recomputes cells with the same noise", async () => {
    const whole = await searchWhole(withNoise(false));
    const broken = await searchBroken(withNoise(false), 5);
    expect(numbersOf(broken.events)).toEqual(numbersOf(whole.events));
    expect(broken.last).toEqual(whole.last);
    // Steps are told by the clock, so that a slow machine tells others.
    const losses = async (recompute: boolean) =>
      new Map(
        (await searchWhole(withNoise(recompute))).events.flatMap((event) =>
          event.type === "step" ? [[event.step, event.loss] as const] : [],
        ),
      );
    const [kept, again] = [await losses(false), await losses(true)];
    const told = [...kept.keys()].filter((step) => again.has(step));
    expect(told.length).toBeGreaterThan(1);
    for (const step of told) expect(again.get(step)).toBeCloseTo(kept.get(step) ?? NaN, 4);
  });

  it("leaves no tensor behind", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder();
    expect(await countLeaks(() => runSearch(context, { config: withNoise(false), folder, resume: false }))).toBe(0);
  });
});

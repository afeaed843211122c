import { expect, it } from "vitest";

import type { RunSummary } from "#shared/api/runs.ts";
import { findAhead } from "#renderer/run/waitsFor.ts";

const run = (id: string, state: RunSummary["state"], minute: number) =>
  ({ id, state, createdAt: `2026-11-30T10:0${minute}:00.000Z` }) as RunSummary;

it("names what a queued run waits for: what is at work, then what was queued before it", () => {
  const active = [
    run("late", "queued", 5),
    run("own", "queued", 4),
    run("early", "queued", 1),
    run("busy", "running", 3),
  ];
  const aheadOf = (id: string) =>
    findAhead(
      active.find((each) => each.id === id)!,
      active,
    ).map((each) => each.id);
  expect(aheadOf("own")).toEqual(["busy", "early"]);
  expect(aheadOf("late")).toEqual(["busy", "early", "own"]);
  expect(aheadOf("busy")).toEqual([]);
});

it("leaves out what other computers do", () => {
  const there = { ...run("there", "running", 1), place: { site: "cluster", jobId: "7", detail: null, isOver: false } };
  const waitsThere = { ...there, id: "waits there", state: "queued" as const };
  const active = [run("own", "queued", 4), there, waitsThere];
  expect(active.map((each) => findAhead(each, active))).toEqual([[], [], []]);
});

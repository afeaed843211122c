import { describe, expect, it } from "vitest";

import { findEnded, type Job } from "#renderer/frame/endedJobs.ts";

const job = (id: string, state: Job["state"]): Job => ({ id, title: `job ${id}`, state });

describe("what ended", () => {
  it("tells runs and tasks that finished, failed or were interrupted since the last look", () => {
    const before = new Map([
      ["a", "running"],
      ["b", "running"],
      ["c", "preparing"],
    ] as const);
    const now = [job("a", "finished"), job("b", "failed"), job("c", "interrupted")];
    expect(findEnded(before, now)).toEqual([
      { title: "job a", end: "finished" },
      { title: "job b", end: "failed" },
      { title: "job c", end: "interrupted" },
    ]);
  });

  it("says nothing of what ended before the window opened, goes on, or was stopped by hand", () => {
    const before = new Map([
      ["a", "finished"],
      ["b", "queued"],
      ["c", "running"],
      ["d", "running"],
    ] as const);
    const now = [job("a", "finished"), job("b", "running"), job("c", "stopped"), job("d", "cancelled")];
    expect(findEnded(before, [...now, job("new", "finished")])).toEqual([]);
  });
});

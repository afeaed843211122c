import { expect, it } from "vitest";

import type { RunEvent } from "#shared/runs/runEvent.ts";
import { addEvents, createRunHistory } from "#shared/runs/history/runHistory.ts";
import { listMilestones } from "#renderer/run/milestones.ts";

const at = (second: number) => `2026-11-30T10:00:0${second}.000Z`;
const validated = (second: number, step: number, psnrDb: number, isBest: boolean): RunEvent => ({
  type: "validation",
  time: at(second),
  step,
  epoch: step,
  validation: { psnrDb, ssim: 0.8, score: 1 },
  isBest,
});

it("tells its pauses, and from where it went on", () => {
  const states = [
    "queued",
    "preparing",
    "running",
    "paused",
    "running",
    "interrupted",
    "queued",
    "running",
    "finished",
  ];
  const events: RunEvent[] = states.map((state, second) => ({ type: "state", time: at(second), state }) as RunEvent);
  events.splice(7, 0, { type: "resumed", time: at(7), step: 120 } as RunEvent);
  const history = addEvents(createRunHistory(), events, { steps: 10, logLines: 10 });
  expect(listMilestones(history).map(({ message, level }) => [message, level])).toEqual([
    ["The run began.", "info"],
    ["paused", "info"],
    ["running", "info"],
    ["interrupted", "warning"],
    ["Went on from step 120.", "info"],
    ["running", "info"],
    ["finished", "info"],
  ]);
});

it("tells between a run's lines when it began, its best validations and how it ended", () => {
  const events: RunEvent[] = [
    { type: "state", time: at(0), state: "running" },
    validated(1, 10, 25, true),
    { type: "log", time: at(2), level: "info", message: "a word" },
    validated(3, 20, 24, false),
    validated(4, 30, 26, true),
    { type: "state", time: at(5), state: "failed", reason: "run: no room" },
  ];
  const history = addEvents(createRunHistory(), events, { steps: 10, logLines: 10 });
  const lines = listMilestones(history);
  expect(lines.map(({ message }) => message)).toEqual([
    "The run began.",
    "Best so far: 25.00 dB, SSIM 0.8000, at step 10.",
    "a word",
    "Best so far: 26.00 dB, SSIM 0.8000, at step 30.",
    "failed: No room",
  ]);
  expect(lines.at(-1)?.level).toBe("error");
  // A list of them keeps its elements.
  expect(listMilestones(history).every((line, index) => line === lines[index])).toBe(true);
});

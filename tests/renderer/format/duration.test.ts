import { describe, expect, it } from "vitest";

import { formatDuration, formatEstimate } from "#renderer/format/duration.ts";

describe("durations", () => {
  it.each([
    [0.4, "0 s"],
    [59.4, "59 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 05 min"],
    [273_600, "3 d 04 h"],
  ])("are written as people say them: %d s", (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it.each([
    [45, "45 s"],
    [200, "3 min 20 s"],
    [2194, "36 min"],
    [3590, "59 min"],
    [7500, "2 h 05 min"],
  ])("that are estimates leave out what would only flicker: %d s", (seconds, words) => {
    expect(formatEstimate(seconds)).toBe(words);
  });
});

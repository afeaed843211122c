import { describe, expect, it } from "vitest";

import { formatCount, formatDuration, formatPsnr } from "#main/cli/formats.ts";

describe("formatDuration", () => {
  it.each([
    [0.4, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 00 s"],
    [200, "3 min 20 s"],
    [3599.9, "1 h 00 min"],
    [7500, "2 h 05 min"],
    [1_155_600, "13 d 09 h"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe("formatCount", () => {
  it.each([
    [950, "950"],
    [1000, "1 k"],
    [321_456, "321 k"],
    [1_254_000, "1.25 M"],
    [2.5e9, "2.5 G"],
  ])("writes %d as %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

describe("formatPsnr", () => {
  it("keeps two decimals and names identical pictures", () => {
    expect(formatPsnr(28.527)).toBe("28.53 dB");
    expect(formatPsnr(Infinity)).toBe("identical");
  });
});

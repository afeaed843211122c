import { describe, expect, it } from "vitest";

import { formatDuration } from "#renderer/format/duration.ts";
import { formatMoment } from "#renderer/format/moments.ts";
import {
  formatBytes,
  formatCount,
  formatInteger,
  formatPsnr,
  formatShare,
  formatSsim,
  formatValue,
} from "#renderer/format/numbers.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [600_000, "600\u202f000"],
    [1_234_567.4, "1\u202f234\u202f567"],
    [-12_345, "-12\u202f345"],
  ])("groups the thousands of %d", (value, text) => {
    expect(formatInteger(value)).toBe(text);
  });

  it.each([
    [950, "950"],
    [12_345, "12.3 k"],
    [1_250_000, "1.25 M"],
    [3.2e12, "3.2 T"],
  ])("writes the count %d with a unit", (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [999_999, "1.0 MB"],
    [3_150_000, "3.1 MB"],
    [853e6, "853 MB"],
    [25.3e9, "25.3 GB"],
    [5e15, "5000 TB"],
  ])("writes %d bytes in the largest unit that fits", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("writes scores with their usual decimals", () => {
    expect([formatPsnr(28.5349), formatPsnr(Infinity), formatSsim(0.83126), formatShare(0.366)]).toEqual([
      "28.53 dB",
      "identical",
      "0.8313",
      "37 %",
    ]);
  });

  it.each([
    [0.0678912, "0.06789"],
    [0.00001234, "1.23e-5"],
    [1_234_567, "1.23e+6"],
    [0, "0"],
    [NaN, "\u2013"],
  ])("writes the measured value %d with few digits", (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe("durations and moments", () => {
  it.each([
    [-3, "0 s"],
    [59.6, "1 min 00 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 05 min"],
    [3 * 86_400 + 4 * 3600, "3 d 04 h"],
  ])("writes %d seconds as people say them", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("says how long ago what has just happened was, and when what is older was", () => {
    const now = new Date(2026, 10, 24, 15, 30);
    const at = (...parts: [number, number, number, number, number]) =>
      formatMoment(new Date(...parts).toISOString(), now);
    expect(formatMoment(new Date(now.getTime() - 20_000).toISOString(), now)).toBe("just now");
    expect(at(2026, 10, 24, 15, 18)).toBe("12 min ago");
    expect(at(2026, 10, 24, 14, 5)).toBe("today 14:05");
    expect(at(2026, 10, 3, 14, 5)).toBe("3 Nov 2026, 14:05");
  });
});

import { beforeEach, describe, expect, it } from "vitest";

import { createProgress } from "#main/cli/progress.ts";
import { createTerminal } from "#main/cli/terminal.ts";

let nowMs: number;
let written: string[];

const setUp = (isTTY: boolean, quiet = false) => {
  const stderr = { write: (text: string) => written.push(text), isTTY, columns: 70 };
  const terminal = createTerminal({ stdout: stderr, stderr, quiet, verbose: false, color: false });
  return createProgress(terminal, () => nowMs);
};
const report = (done: number) => ({ label: "search", done, total: 100, unit: "steps", detail: "loss 0.5" });

beforeEach(() => {
  nowMs = 0;
  written = [];
});

describe("createProgress without a terminal", () => {
  it("writes a line at once and then one every ten seconds, with the rate and the time left", () => {
    const progress = setUp(false);
    for (let second = 0; second <= 20; second += 1) {
      nowMs = second * 1000;
      progress.report(report(second * 2));
    }
    expect(written).toEqual([
      "search: 0 %  0/100 steps  loss 0.5\n",
      "search: 20 %  20/100 steps  2.00/s  40 s left  loss 0.5\n",
      "search: 40 %  40/100 steps  2.00/s  30 s left  loss 0.5\n",
    ]);
  });

  it("tells seconds per step where a step takes longer than a second", () => {
    const progress = setUp(false);
    progress.report(report(0));
    nowMs = 10_000;
    progress.report(report(4));
    expect(written[1]).toContain("2.50 s each  4 min 00 s left");
  });

  it("judges the rate by the last half minute only", () => {
    const progress = setUp(false);
    progress.report(report(0));
    for (let second = 1000; second <= 1030; second += 1) {
      nowMs = second * 1000;
      progress.report(report(second - 990));
    }
    expect(written.at(-1)).toContain("1.00/s  1 min 00 s left");
  });

  it("writes nothing when quiet", () => {
    setUp(false, true).report(report(1));
    expect(written).toEqual([]);
  });
});

describe("createProgress in a terminal", () => {
  it("redraws one line that is shorter than the terminal is wide", () => {
    const progress = setUp(true);
    for (const done of [0, 50, 100]) {
      nowMs += 1000;
      progress.report(report(done));
    }
    const lines = written.map((text) => text.replace("\r\u001b[2K", ""));
    expect(lines[1]).toContain("━━━━━━━━━━━━────────────");
    expect(lines.every((line) => line.length < 70 && !line.includes("\n"))).toBe(true);
    expect(written.every((text) => text.startsWith("\r\u001b[2K"))).toBe(true);
  });

  it("redraws at most ten times a second, but always the end", () => {
    const progress = setUp(true);
    for (let done = 0; done <= 100; done += 1) {
      nowMs += 1;
      progress.report(report(done));
    }
    expect(written).toHaveLength(2);
    expect(written[1]).toContain("100 %");
  });

  it("takes its line away before other text", () => {
    const progress = setUp(true);
    progress.report(report(1));
    progress.clear();
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });
});

import { describe, expect, it } from "vitest";

import { shareCompiledCode } from "./support/folders.ts";
import { TRIALS } from "./trials.ts";

shareCompiledCode();

/** `npm run trials` does them at full size; docs/trials.md has its figures. */
describe("trials at their small size", () => {
  it.each(TRIALS)("$name: $promise", { timeout: 600_000 }, async (trial) => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const { counts, faults } = await trial.run({ cases: trial.smallCases, seed: 1, worker: "scripted", log });
    expect(faults, lines.join("\n")).toEqual([]);
    expect(Object.keys(counts).length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from "vitest";

import { describeSkipped, exitCodeOf } from "#main/cli/commands/denoiseCommand.ts";
import type { LabErrorKind } from "#shared/labError.ts";

const good = { error: null, errorKind: null };
const failed = (errorKind: LabErrorKind) => ({ error: "no good", errorKind });

describe("the exit code of hinas denoise", () => {
  it("is 0 where all photos are done and 5 where some failed", () => {
    expect(exitCodeOf([good, good])).toBe(0);
    expect(exitCodeOf([good, failed("bad_data")])).toBe(5);
  });

  it("says where all failed whether the photos or the memory are to blame, and is 1 for both", () => {
    expect(exitCodeOf([failed("bad_data"), failed("permission")])).toBe(3);
    expect(exitCodeOf([failed("memory")])).toBe(4);
    expect(exitCodeOf([failed("bad_data"), failed("memory")])).toBe(1);
  });
});

it("says of results that were there already that nothing that was asked for now was done to them", () => {
  const [done, there] = [{ skipped: false }, { skipped: true }];
  expect(describeSkipped([done])).toBeNull();
  expect(describeSkipped([done, there])).toMatch(/^1 result was there already and stays as made then, .*--out/);
  expect(describeSkipped([there, there])).toContain("2 results were there already and stay");
});

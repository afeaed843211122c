import { describe, expect, it } from "vitest";

import { EXIT_CODE_OF_KIND, EXIT_CODE_OF_SIGNAL } from "#main/cli/exitCodes.ts";
import { LAB_ERROR_KINDS } from "#shared/labError.ts";

describe("exit codes", () => {
  it("are 3 for bad settings or data, 4 for device or memory, 130 for interrupted and 1 for the rest", () => {
    const kindsOf = (code: number) => LAB_ERROR_KINDS.filter((kind) => EXIT_CODE_OF_KIND[kind] === code);
    expect(kindsOf(3)).toEqual([
      "bad_config",
      "bad_data",
      "not_found",
      "bad_checkpoint",
      "bad_genotype",
      "newer_version",
      "permission",
    ]);
    expect(kindsOf(4)).toEqual(["engine", "other_engine", "memory"]);
    expect(kindsOf(130)).toEqual(["interrupted"]);
    expect(kindsOf(1)).toEqual(["disk", "diverged", "busy", "site"]);
  });

  it("follow the shell's rule of 128 plus the signal's number", () => {
    expect(EXIT_CODE_OF_SIGNAL).toEqual({ SIGINT: 128 + 2, SIGTERM: 128 + 15, SIGHUP: 128 + 1, SIGUSR1: 75 });
  });
});

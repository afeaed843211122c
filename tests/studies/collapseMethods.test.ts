import { describe, expect, it } from "vitest";

import { findContradictions } from "#shared/runs/contradictions.ts";

import { configOfStudy, METHODS, shareOf, toTable } from "./collapseMethods.ts";

describe("the study of collapse", () => {
  it.each(Object.keys(METHODS))("has sound settings for %s, with noise among the candidates", (method) => {
    const config = configOfStudy(method, 3);
    expect(findContradictions(config)).toEqual([]);
    expect(config.space.primitives).toContain("noise");
    expect(config.seed).toBe(3);
  });

  it("names its methods where one is asked for that it does not know", () => {
    expect(() => configOfStudy("magic", 1)).toThrow("collapse: method must be one of plain, second_order");
  });

  it("counts shares of kept edges", () => {
    const edges = [
      { from: "s1", primitive: "noise" },
      { from: "s0", primitive: "skip_connect" },
    ] as const;
    const nodes = [edges, [edges[0], { from: "node_0", primitive: "conv_3x3" }]] as const;
    const genotype = {
      schema: "hinas.genotype",
      version: 1,
      widthFactors: [1],
      widthPath: [0],
      cells: [{ nodes }],
    } as const;
    expect(shareOf(genotype, "noise")).toBe(0.5);
    expect(shareOf(genotype, "skip_connect")).toBe(0.25);
  });

  it("writes means and standard deviations, and a mean alone where there is one seed", () => {
    const outcome = { method: "plain", seed: 1, noise: 0.5, skips: 0, psnrDb: 25, seconds: 10 };
    const other = { ...outcome, seed: 2, noise: 0, psnrDb: 26 };
    const lines = toTable([outcome, other, { ...outcome, method: "dropping" }]).split("\n");
    expect(lines[2]).toBe("| plain | 2 | 25 ± 35 | 0 ± 0 | 25.50 ± 0.71 | 10 ± 0 |");
    expect(lines[3]).toBe("| dropping | 1 | 50 | 0 | 25.00 | 10 |");
  });
});

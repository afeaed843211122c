import { describe, expect, it } from "vitest";

import { asCells, genotypeHash } from "#shared/space/spaces/spaces.ts";

import { listContenders, toTable } from "./equalCost.ts";

describe("the controls at equal cost", async () => {
  const contenders = await listContenders();
  const [found, ...controls] = contenders;

  it("begin with the architecture of the box, whose cost they all have within a twentieth", () => {
    expect(genotypeHash(found!.genotype).slice(0, 8)).toBe("7a938d4f");
    for (const { name, multiplyAddsPerPixel } of controls) {
      const ratio = multiplyAddsPerPixel / found!.multiplyAddsPerPixel;
      expect(Math.abs(ratio - 1), name).toBeLessThan(0.05);
    }
  });

  it("are five architectures drawn at random, all different, and the same at every call", async () => {
    const random = controls.filter(({ name }) => name.startsWith("random"));
    expect(new Set(random.map(({ genotype }) => genotypeHash(genotype))).size).toBe(5);
    expect(await listContenders()).toEqual(contenders);
  });

  it("hold the found cells on the narrowest widths", () => {
    const untrained = controls.find(({ name }) => name === "untrained beta");
    const [own, before] = [asCells(untrained!.genotype), asCells(found!.genotype)];
    expect(own?.widthPath).toEqual([0, 0, 0, 0, 0]);
    expect(own?.cells).toEqual(before?.cells);
  });

  it("come in a table with every seed and the mean", () => {
    const trained = [1, 2].map((seed) => ({ name: "found", seed, psnrDb: 25 + seed / 4 }));
    expect(toTable([found!], trained).split("\n").at(-1)).toBe("| found | 93.7 | 1.59 | 25.25, 25.50 | 25.38 |");
    const diverged = [...trained, { name: "found", seed: 3, psnrDb: null }];
    expect(toTable([found!], diverged)).toContain("| 25.25, 25.50, diverged | 25.38 |");
  });
});

import { describe, expect, it } from "vitest";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { certaintyOf, measureAgreement } from "#shared/studies/agreement.ts";
import { drawControl } from "#shared/studies/drawControl.ts";
import { addToTally, EMPTY_TALLY, toBestSoFar } from "#shared/studies/runTally.ts";
import type { StudyPlan } from "#shared/studies/study.ts";
import { type CellFigures, computeStudyResults } from "#shared/studies/studyResults.ts";

const CONFIG = searchConfigSchema.parse({ space: { layers: 2, nodes: 1, widthFactors: [1, 2] } });

function genotypeOf(primitive: "conv_3x3" | "sep_conv_3x3", widthPath: readonly number[]): Genotype {
  const cell = {
    nodes: [
      [
        { from: "s0", primitive: "skip_connect" },
        { from: "s1", primitive },
      ],
    ],
  } as const;
  return { schema: "hinas.genotype", version: 1, widthFactors: [1, 2], cells: [cell, cell], widthPath };
}

const PLAN: StudyPlan = {
  schema: "hinas.study",
  version: 1,
  id: "01JGKZ6DV0ABCDEFGHJKMNPQRS",
  name: "test",
  note: "",
  createdAt: "2026-11-30T00:00:00.000Z",
  ends: "training",
  seeds: [0, 1, 2],
  arms: ["good", "bad"].map((name) => ({ name, values: {}, controlOf: null })),
  cells: ["good", "bad"].flatMap((arm) =>
    [0, 1, 2].map((seed) => {
      return {
        key: `${arm} / seed ${seed}`,
        arm,
        seed,
        search: CONFIG,
        training: null,
        evaluation: null,
        controlOf: null,
      };
    }),
  ),
  goesOn: false,
  tuning: { coreHours: 7, note: "" },
};

function figuresOf(arm: string, seed: number, psnrDb: number | null): CellFigures {
  return {
    key: `${arm} / seed ${seed}`,
    arm,
    seed,
    state: psnrDb === null ? "failed" : "finished",
    psnrDb,
    genotype: psnrDb === null ? null : genotypeOf("conv_3x3", [0, 1]),
    genotypeHash: psnrDb === null ? null : "0badf00d",
    parameters: 100,
    multiplyAddsPerPixel: 50,
    searchHours: 1 + seed,
    trainingHours: 2,
    cores: 4,
    site: arm === "good" ? "cluster" : null,
    curve: [
      { workMs: 1_800_000, score: 0.5 },
      { workMs: 3_600_000, score: 0.6 + seed / 100 },
    ],
  };
}

describe("the results of a study", () => {
  const figures = [
    ...[30, 31, 32].map((psnr, seed) => figuresOf("good", seed, psnr)),
    ...[29.5, 30.5, null].map((psnr, seed) => figuresOf("bad", seed, psnr)),
  ];
  const results = computeStudyResults(PLAN, figures);

  it("have a mean, a spread and the seeds that came to a figure, worked out by hand", () => {
    expect(results.arms[0]).toMatchObject({ arm: "good", seeds: 3, psnrDb: { mean: 31, deviation: 1 } });
    // Student's 97.5 % point with two degrees of freedom is 4.30265.
    expect(results.arms[0]?.psnrDb?.high).toBeCloseTo(31 + 4.30265 / Math.sqrt(3), 3);
    expect(results.arms[1]).toMatchObject({ seeds: 2, cells: 3, psnrDb: { mean: 30 } });
  });

  it("compare arms on the seeds that both have, and on no others", () => {
    const [comparison] = results.comparisons;
    expect(comparison).toMatchObject({ first: "good", second: "bad", seeds: 2, difference: 0.5, low: 0.5, chance: 0 });
  });

  it("count core-hours of all cells, failed ones too, and name those of tuning", () => {
    expect(results.coreHours).toEqual({ runs: 2 * 4 * (1 + 2 + 3 + 3 * 2), tuning: 7 });
  });

  it("count node-hours of each arm, and of each place in the order of the cells", () => {
    expect(results.arms.map(({ nodeHours }) => nodeHours)).toEqual([12, 12]);
    expect(results.nodeHours).toEqual([
      { site: "cluster", nodeHours: 12 },
      { site: null, nodeHours: 12 },
    ]);
  });

  it("follow the best score over time, from when all seeds have one", () => {
    const { points } = at(results.curves, 0, "curves");
    expect(points[0]).toBeNull();
    const at20Minutes = results.hours.findIndex((hour) => hour >= 0.5);
    expect(points[at20Minutes]?.mean).toBe(0.5);
    expect(points.at(-1)?.mean).toBeCloseTo(0.61);
  });
});

describe("agreement over seeds", () => {
  const same = [genotypeOf("conv_3x3", [0, 1]), genotypeOf("conv_3x3", [0, 1])];
  const mixed = [...same, genotypeOf("sep_conv_3x3", [0, 0])];

  it("is whole where all seeds found the same", () => {
    const agreement = measureAgreement("a", same, CONFIG.space);
    expect(agreement).toMatchObject({ meanSharedEdges: 1, meanSharedWidths: 1 });
    expect(certaintyOf(at(same, 0, "genotypes"), agreement)).toBe(1);
  });

  it("says which edges and widths always come out, and how far pairs agree", () => {
    const agreement = measureAgreement("a", mixed, CONFIG.space);
    const always = agreement.edges.filter(({ share }) => share === 1);
    expect(always.map(({ layer, from, primitive }) => [layer, from, primitive])).toEqual([
      [0, "s0", "skip_connect"],
      [1, "s0", "skip_connect"],
    ]);
    expect(agreement.widths.filter(({ share }) => share === 1)).toEqual([{ layer: 0, factor: 1, share: 1 }]);
    // Of three pairs one shares all four edges, two share two of four.
    expect(agreement.meanSharedEdges).toBeCloseTo((1 + 0.5 + 0.5) / 3);
    // The third has its own primitive and width: each of them has the share 1/3, all else 1.
    expect(certaintyOf(at(mixed, 2, "genotypes"), agreement)).toBeCloseTo((1 + 1 / 3 + 1 + 1 / 3 + 1 + 1 / 3) / 6);
  });

  it("tells what chance alone would give: with six primitives on two fixed edges a sixth", () => {
    const { chanceEdges } = measureAgreement("a", same, CONFIG.space);
    expect(chanceEdges).toBeGreaterThan(0.08);
    expect(chanceEdges).toBeLessThan(0.26);
  });
});

describe("a run's tally", () => {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const validation = (seconds: number, step: number, score: number) =>
    ({
      time: time(seconds),
      type: "validation",
      step,
      epoch: 1,
      validation: { psnrDb: 20, ssim: 0.5, score },
      isBest: true,
    }) as const;

  it("counts time at work, without waiting, pauses and the gap after a kill, but with what the kill made void", () => {
    const tally = [
      { time: time(0), type: "state", state: "queued" } as const,
      { time: time(100), type: "state", state: "preparing" } as const,
      { time: time(105), type: "state", state: "running" } as const,
      validation(110, 10, 0.5),
      { time: time(120), type: "state", state: "paused" } as const,
      { time: time(500), type: "state", state: "running" } as const,
      validation(510, 20, 0.9),
      // Killed here.
      { time: time(9000), type: "state", state: "queued" } as const,
      { time: time(9010), type: "state", state: "running" } as const,
      { time: time(9010), type: "resumed", step: 10 } as const,
      validation(9020, 20, 0.7),
      { time: time(9025), type: "state", state: "finished" } as const,
    ].reduce(addToTally, EMPTY_TALLY);
    expect(tally.workMs).toBe(1000 * (20 + 10 + 15));
    expect(toBestSoFar(tally)).toEqual([
      { workMs: 10_000, score: 0.5 },
      { workMs: 40_000, score: 0.7 },
    ]);
  });
});

describe("a random control", () => {
  it("costs nearly what the found architecture costs, is another one, and is the same each time", () => {
    const config = searchConfigSchema.parse({ seed: 3 });
    const training = { network: networkSettingsSchema.parse({ filters: 6 }) };
    const space = openCandidateSpace(config.space, config.search.candidates);
    const costOf = (genotype: AnyGenotype): number =>
      networkCost(buildNetworkGraph({ genotype, ...training.network })).multiplyAddsPerPixel;
    for (const seed of [0, 1, 2]) {
      const found = space.sample(createRandom(seed, "found"));
      const control = drawControl({ ...config, seed }, training, found);
      expect(Math.abs(costOf(control) / costOf(found) - 1)).toBeLessThan(0.25);
      expect(space.key(control)).not.toBe(space.key(found));
      expect(drawControl({ ...config, seed }, training, found)).toEqual(control);
    }
  });
});

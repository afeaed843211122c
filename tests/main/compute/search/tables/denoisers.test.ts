import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { readLabTable } from "#main/compute/search/tables/labTable.ts";
import { searchTable } from "#main/compute/search/tables/searchTable.ts";
import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { bayesianSchema, type CandidateSettings, evolutionSchema, randomSchema } from "#shared/runs/strategySchema.ts";
import { bestSoFar, expectBestOfDraws } from "#shared/statistics/bestOfDraws.ts";
import { kendallTau } from "#shared/statistics/kendallTau.ts";
import { comparePaired } from "#shared/statistics/pairedBootstrap.ts";
import { deviationOf, meanOf } from "#shared/statistics/summary.ts";

const TABLE = "resources/tables/denoisers-486.json";
const ASKS = 60;
const SEEDS = 40;

const table = await readLabTable(TABLE);

/** The best score that each seed has found at the end. */
function endsOf(settings: CandidateSettings, seeds: number): readonly number[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const best = bestSoFar(searchTable(table, settings, seed).map(({ score }) => score));
    return at(best, best.length - 1, "best so far");
  });
}

describe("the table of trained denoisers", () => {
  it("has every network of its space once, each with a score", () => {
    expect(table.space.size).toBe(486);
    expect(table.scores).toHaveLength(486);
    expect(table.scores.every((psnrDb) => psnrDb > 25 && psnrDb < 27)).toBe(true);
  });

  it("belongs to its networks more than to a seed: trained with others, a hundred come in much the same order", async () => {
    const { rows } = z
      .object({ rows: z.array(z.object({ psnrDb: z.record(z.string(), z.array(z.number())) })) })
      .parse(JSON.parse(await readFile(TABLE, "utf8")));
    const repeated = rows.map(({ psnrDb }) => psnrDb).filter((bySeed) => Object.keys(bySeed).length === 3);
    expect(repeated).toHaveLength(100);
    const ends = ["0", "1", "2"].map((seed) => repeated.map((bySeed) => bySeed[seed]!.at(-1)!));
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect(kendallTau(ends[one]!, ends[other]!)).toBeGreaterThan(0.7);
    }
  });

  it("gives random search what the closed form says", () => {
    const ends = endsOf(randomSchema.parse({ kind: "random", candidates: ASKS }), 400);
    const expected = expectBestOfDraws(
      table.scores.toSorted((a, b) => b - a),
      ASKS,
    );
    expect(Math.abs(meanOf(ends) - expected)).toBeLessThan((2 * deviationOf(ends)) / Math.sqrt(ends.length));
  });

  it.each([
    ["evolution", evolutionSchema.parse({ kind: "evolution", candidates: ASKS })],
    ["a Gaussian process", bayesianSchema.parse({ kind: "bayesian", predictor: "gaussian_process", candidates: ASKS })],
    [
      "an ensemble",
      bayesianSchema.parse({
        kind: "bayesian",
        predictor: "ensemble",
        candidates: ASKS,
        networks: 3,
        layers: 2,
        epochs: 50,
      }),
    ],
  ])("is searched better by %s than at random, beyond chance", (name, settings) => {
    const random = endsOf(randomSchema.parse({ kind: "random", candidates: ASKS }), SEEDS);
    const { low } = comparePaired(endsOf(settings, SEEDS), random, createRandom(0, name));
    expect(low).toBeGreaterThan(0);
  });
});

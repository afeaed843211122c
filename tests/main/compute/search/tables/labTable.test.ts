import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildLabTable, labTableToJson, readLabTable, type TableRun } from "#main/compute/search/tables/labTable.ts";
import { searchTable } from "#main/compute/search/tables/searchTable.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { randomSchema } from "#shared/runs/strategySchema.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";

const HEAD = { name: "four", card: { dataset: "mine", photos: 3, licence: "CC0-1.0", command: "hinas search" } };

/** A search over the four networks of one node and two primitives; `seed` is that of its trainings. */
function runOf(seed: number | null, more: object = {}): TableRun {
  const config = searchConfigSchema.parse({
    data: { dataset: "/somewhere/mine" },
    space: { layers: 1, nodes: 1, widthFactors: [1], primitives: ["conv_3x3", "skip_connect"], filters: 2 },
    search: {
      strategy: { kind: "random", candidates: 4 },
      estimator: { kind: "short_training", steps: 4, curve: true, seed },
      ...more,
    },
  });
  const space = createCellsSpace(config.space);
  const genotypes = [0, 1].flatMap((a) => [0, 1].map((b) => space.decisions!.build([0, a, b, 0])!));
  const candidates = genotypes.map((genotype, index) => ({
    type: "candidate" as const,
    step: 4 * (index + 1),
    epoch: index + 1,
    genotype,
    genotypeHash: "00000000",
    score: 1,
    parameters: 1,
    multiplyAddsPerPixel: 1,
    fidelity: 1,
    strategy: "random",
    curve: [0.25, 0.5, 1].map((fidelity) => ({ fidelity, psnrDb: 20 + index + fidelity + (seed ?? 0), score: 1 })),
    time: "2026-11-30T00:00:00.000Z",
  }));
  return { config, candidates };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-lab-table-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(content: string): Promise<string> {
  const file = join(folder, "table.json");
  await writeFile(file, content);
  return file;
}

describe("a table of trained denoisers", () => {
  const json = labTableToJson(buildLabTable(HEAD, [runOf(null), runOf(2)]));

  it("is read as it was written, with the mean over seeds of each fidelity, and no folder of its maker's", async () => {
    const file = await write(json);
    const full = await readLabTable(file);
    expect(full.name).toBe("four");
    expect(full.scores.toSorted()).toEqual([22, 23, 24, 25]);
    const quarter = await readLabTable(file, 0.25);
    expect(quarter.scores.toSorted()).toEqual([21.25, 22.25, 23.25, 24.25]);
    expect(json).not.toContain("/somewhere");
    expect(json.split("\n").filter((line) => line.includes('"genotype"'))).toHaveLength(4);
  });

  it("tells a search the seeds that all have, so that no architecture is judged by a luckier one", async () => {
    const few = { ...runOf(5), candidates: runOf(5).candidates.slice(0, 2) };
    const uneven = await write(labTableToJson(buildLabTable(HEAD, [runOf(null), few])));
    expect((await readLabTable(uneven)).scores.toSorted()).toEqual([21, 22, 23, 24]);
    const first = { ...runOf(1), candidates: runOf(1).candidates.slice(0, 2) };
    const last = { ...runOf(2), candidates: runOf(2).candidates.slice(2) };
    const apart = await write(labTableToJson(buildLabTable(HEAD, [first, last])));
    await expect(readLabTable(apart)).rejects.toThrow("all rows must have a seed in common, got none");
  });

  it("is searched", async () => {
    const table = await readLabTable(await write(json));
    const found = searchTable(table, randomSchema.parse({ kind: "random" }), 0);
    expect(found.map(({ score }) => score).toSorted()).toEqual([22, 23, 24, 25]);
  });

  it("is not made of searches that left something out, told no curves, or had other settings", () => {
    const whole = runOf(null);
    const lacking = { ...whole, candidates: whole.candidates.slice(1) };
    expect(() => buildLabTable(HEAD, [lacking])).toThrow("must have all 4 architectures of its space, got 3");
    const bare = { ...whole.candidates[0]!, curve: undefined };
    expect(() => buildLabTable(HEAD, [{ ...whole, candidates: [bare] }])).toThrow(
      "candidate 1 must have a curve, got none",
    );
    const other = runOf(1, { patchSize: 32 });
    expect(() => buildLabTable(HEAD, [whole, other])).toThrow("must have the same settings but for seeds and budget");
    // Some seeds may be of fewer architectures.
    const few = { ...runOf(1), candidates: runOf(1).candidates.slice(0, 2) };
    expect(buildLabTable(HEAD, [whole, few]).rows.map(({ psnrDb }) => Object.keys(psnrDb).length)).toEqual([
      2, 2, 1, 1,
    ]);
  });

  it.each([
    ["text", "PSNR", 'must be JSON, got "PSNR"'],
    ["other JSON", "{}", "schema must be hinas.table, got nothing"],
    ["a table of a later version", json.replace('"version": 1', '"version": 2'), "version must be 1 or lower, got 2"],
    [
      "a table with a hole",
      json.replace(/ {4}\{"genotype".*\n/, ""),
      "must have all 4 architectures of its space, got 3",
    ],
  ])("is not read from %s", async (_, content, message) => {
    const file = await write(content);
    await expect(readLabTable(file)).rejects.toThrow(message);
    await expect(readLabTable(file)).rejects.toThrow(file);
  });

  it("has no fidelity that was not measured", async () => {
    const file = await write(json);
    await expect(readLabTable(file, 0.1)).rejects.toThrow("the fidelity must be one of 0.25, 0.5, 1, got 0.1");
  });
});

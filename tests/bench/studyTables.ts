// Searches a table with every strategy and many seeds and writes curves, comparisons and a figure:
//   node tests/bench/studyTables.ts TABLE FOLDER [SEEDS] [STRATEGY]
// With a STRATEGY only that one is run, and with any other word none: then the figures are those of what is kept.
// TABLE: a `.bench` file of the PyPI package nas-bench-graph (folder nas_bench_graph/light), or a table of this lab (`.json`).
// Each strategy's scores are kept in FOLDER as they come, so that a run that was stopped goes on where it was.
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readLabTable } from "#main/compute/search/tables/labTable.ts";
import { readNasBenchGraph } from "#main/compute/search/tables/nasBenchGraph.ts";
import { searchTable } from "#main/compute/search/tables/searchTable.ts";
import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import {
  bayesianSchema,
  evolutionSchema,
  localSearchSchema,
  randomSchema,
  reinforceSchema,
  tournamentSchema,
  type CandidateSettings,
} from "#shared/runs/strategySchema.ts";
import { drawBands } from "#shared/space/drawing/drawBands.ts";
import { bestSoFar, expectBestOfDraws } from "#shared/statistics/bestOfDraws.ts";
import { comparePaired } from "#shared/statistics/pairedBootstrap.ts";
import { deviationOf, meanBandOf, meanOf } from "#shared/statistics/summary.ts";

/** The strategies as their settings' defaults have them; an ensemble is made smaller, for it is trained 700 times. */
const STRATEGIES: Readonly<Record<string, CandidateSettings>> = {
  random: randomSchema.parse({ kind: "random" }),
  evolution: evolutionSchema.parse({ kind: "evolution" }),
  tournament: tournamentSchema.parse({ kind: "tournament" }),
  "local search": localSearchSchema.parse({ kind: "local_search" }),
  "mutation only": bayesianSchema.parse({ kind: "bayesian", predictor: "none" }),
  "Gaussian process": bayesianSchema.parse({ kind: "bayesian", predictor: "gaussian_process" }),
  reinforce: reinforceSchema.parse({ kind: "reinforce" }),
  ensemble: bayesianSchema.parse({ kind: "bayesian", predictor: "ensemble", networks: 3, layers: 2, epochs: 50 }),
};

/** What fewer seeds than this have found is not shown: a study that goes on. */
const FEWEST_SEEDS = 10;

const [file, folder, seedsText = "50", only = ""] = process.argv.slice(2);
if (file === undefined || folder === undefined) throw new Error("studyTables: needs a table and a folder");
const seeds = Number(seedsText);
await mkdir(folder, { recursive: true });
if (file.endsWith(".json")) {
  const table = await readLabTable(file);
  await study(table, (settings, seed) => searchTable(table, settings, seed), folder);
} else {
  const table = await readNasBenchGraph(file);
  await study(table, (settings, seed) => searchTable(table, settings, seed), folder);
}

/** What figures need of a table. */
interface Table {
  readonly name: string;
  readonly scores: readonly number[];
  readonly space: { readonly decisions: object | null };
}

/** Runs what is not kept yet, and writes the figures of all that is. */
async function study(
  table: Table,
  search: (settings: CandidateSettings, seed: number) => readonly { readonly score: number }[],
  into: string,
): Promise<void> {
  const kept = join(into, `${table.name}-scores.jsonl`);
  const done = await readKept(kept);
  // Sorted once: the closed form sorts again, which then costs little.
  const sorted = { ...table, scores: table.scores.toSorted((a, b) => b - a) };
  for (const [name, settings] of Object.entries(STRATEGIES)) {
    if (only !== "" && name !== only) continue;
    if (settings.kind === "reinforce" && table.space.decisions === null) continue;
    for (let seed = 0; seed < seeds; seed++) {
      if (done.has(`${name} ${seed}`)) continue;
      const scores = search(settings, seed).map(({ score }) => score);
      done.set(`${name} ${seed}`, scores);
      await appendFile(kept, `${JSON.stringify({ name, seed, scores })}\n`);
    }
  }
  await writeFigures(sorted, done, into);
}

type Kept = Map<string, readonly number[]>;

async function readKept(kept: string): Promise<Kept> {
  const text = await readFile(kept, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const { name, seed, scores } = JSON.parse(line) as { name: string; seed: number; scores: number[] };
      return [`${name} ${seed}`, scores];
    }),
  );
}

async function writeFigures(table: Table, done: Kept, into: string): Promise<void> {
  const curvesOf = (name: string): number[][] =>
    Array.from({ length: seeds }, (_, seed) => done.get(`${name} ${seed}`) ?? [])
      .filter(({ length }) => length > 0)
      .map(bestSoFar);
  const names = Object.keys(STRATEGIES).filter((name) => curvesOf(name).length >= Math.min(FEWEST_SEEDS, seeds));
  const series = names.map((name) => {
    const curves = curvesOf(name);
    const asks = Math.min(...curves.map(({ length }) => length));
    const points = Array.from({ length: asks }, (_, ask) => meanBandOf(curves.map((curve) => at(curve, ask, name))));
    return { name, points };
  });
  const columns = names.flatMap((name) => [name, `${name} low`, `${name} high`]);
  const rows = Array.from({ length: Math.min(...series.map(({ points }) => points.length)) }, (_, ask) =>
    [
      ask + 1,
      expectBestOfDraws(table.scores, ask + 1),
      ...series.flatMap(({ points }) => {
        const { mean, low, high } = at(points, ask, "points");
        return [mean, low, high];
      }),
    ].map((value) => Number(value.toFixed(5))),
  );
  const csv = [["asks", "random by the closed form", ...columns], ...rows].map((row) => row.join(",")).join("\n");
  await writeFile(join(into, `${table.name}-curves.csv`), `${csv}\n`);
  const title = `${table.name}: best so far, mean of seeds with 95 % band`;
  const low = Math.min(...series.map(({ points }) => at(points, Math.min(9, points.length - 1), "points").mean));
  await writeFile(
    join(into, `${table.name}-curves.svg`),
    drawBands({ title, xLabel: "candidates asked", series, low }),
  );
  await writeFile(join(into, `${table.name}-table.csv`), listEnds(table, names, curvesOf));
}

/** What each strategy has found at the end, against random and against the control without a predictor. */
function listEnds(
  table: Table,
  names: readonly string[],
  curvesOf: (name: string) => readonly (readonly number[])[],
): string {
  const endsOf = (name: string): number[] => curvesOf(name).map((curve) => at(curve, curve.length - 1, name));
  const against = (name: string, other: string): readonly (number | string)[] => {
    if (!names.includes(other) || name === other) return ["", "", "", ""];
    const pairs = Math.min(endsOf(name).length, endsOf(other).length);
    const [own, others] = [endsOf(name).slice(0, pairs), endsOf(other).slice(0, pairs)];
    const { difference, low, high, chance } = comparePaired(own, others, createRandom(0, name, other));
    return [difference, low, high, chance];
  };
  const head = ["strategy", "seeds", "mean", "deviation", "standard error"];
  const parts = ["minus random", "low", "high", "chance", "minus mutation only", "low", "high", "chance"];
  const rows = names.map((name) => {
    const ends = endsOf(name);
    const deviation = deviationOf(ends);
    const own = [name, ends.length, meanOf(ends), deviation, deviation / Math.sqrt(ends.length)];
    return [...own, ...against(name, "random"), ...against(name, "mutation only")];
  });
  const asks = curvesOf("random")[0]?.length ?? 0;
  const closed = ["random by the closed form", "", expectBestOfDraws(table.scores, asks)];
  const best = ["best of the table", "", Math.max(...table.scores)];
  return `${[[...head, ...parts], ...rows, closed, best]
    .map((row) => row.map((value) => (typeof value === "number" ? Number(value.toFixed(6)) : value)).join(","))
    .join("\n")}\n`;
}

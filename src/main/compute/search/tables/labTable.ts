import { z } from "zod";

import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { candidateCost } from "#shared/runs/candidateNetwork.ts";
import { type SearchConfig, searchConfigSchema } from "#shared/runs/config.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { type Genotype, inFixedOrder, parseGenotype } from "#shared/space/cells/genotype.ts";
import { shapeFault } from "#shared/space/cells/shapeFault.ts";
import { meanOf } from "#shared/statistics/summary.ts";

import { readRegularFile } from "#main/files/readRegularFile.ts";

import type { TableBenchmark } from "./tableBenchmark.ts";

/** Far above the hundreds of kilobytes of a thousand networks. */
const MOST_BYTES = 64 * 2 ** 20;
const VERSION = 1;

const rowSchema = z.strictObject({
  genotype: z.unknown(),
  parameters: z.int(),
  multiplyAddsPerPixel: z.number(),
  /** By the seed of the training: PSNR in dB at each fidelity. */
  psnrDb: z.record(z.string().regex(/^\d+$/), z.array(z.number()).readonly()),
});

const labTableSchema = z.strictObject({
  schema: z.literal("hinas.table"),
  version: z.int(),
  name: z.string().min(1),
  /** What was trained on, and under which licence the table may be used. */
  card: z.strictObject({ dataset: z.string(), photos: z.int(), licence: z.string(), command: z.string() }),
  /** The settings of the first of the searches that made it. */
  config: z.unknown(),
  fidelities: z.array(z.number().min(0).max(1)).min(1).readonly(),
  rows: z.array(rowSchema).min(1).readonly(),
});
/** A table of trained denoisers, as its file holds it. */
export type LabTable = Readonly<z.infer<typeof labTableSchema>>;

/** A finished search that scored the architectures of a space by short trainings. */
export interface TableRun {
  readonly config: SearchConfig;
  readonly candidates: readonly EventOf<"candidate">[];
}

/**
 * Makes a table out of searches that differ by the seed of their trainings alone. Throws LabError `bad_data` where they differ by more,
 * did not tell curves, or leave an architecture of the space out.
 */
export function buildLabTable(head: Pick<LabTable, "name" | "card">, runs: readonly TableRun[]): LabTable {
  const { config } = at(runs, 0, "runs of a table");
  const wanted = describeConfig(config);
  const rows = new Map<string, { genotype: Genotype; psnrDb: Record<string, readonly number[]> }>();
  const space = createCellsSpace(config.space);
  let fidelities: readonly number[] = [];
  for (const run of runs) {
    if (describeConfig(run.config) !== wanted) {
      throw new LabError(
        "bad_data",
        "the searches of a table must have the same settings but for seeds and budget, got others",
      );
    }
    for (const { genotype: told, curve, epoch } of run.candidates) {
      const genotype = parseGenotype(told, `candidate ${epoch}`);
      if (curve === undefined) throw new LabError("bad_data", `candidate ${epoch} must have a curve, got none`);
      fidelities = curve.map(({ fidelity }) => fidelity);
      const row = rows.get(space.key(genotype)) ?? { genotype, psnrDb: {} };
      row.psnrDb[String(seedOf(run.config))] = curve.map(({ psnrDb }) => round(psnrDb));
      rows.set(space.key(genotype), row);
    }
  }
  checkWhole(rows.size, space.size, "table");
  return {
    schema: "hinas.table",
    version: VERSION,
    ...head,
    // Where its photos lay on the machine that made it means nothing elsewhere.
    config: { ...config, data: { ...config.data, dataset: head.card.dataset } },
    fidelities,
    rows: [...rows.values()].map(({ genotype, psnrDb }) => {
      const { parameters, multiplyAddsPerPixel } = candidateCost(config, genotype);
      return { genotype: inFixedOrder(genotype), parameters, multiplyAddsPerPixel, psnrDb };
    }),
  };
}

/** Writes a table as JSON with a row a line, so that it can be read and compared. */
export function labTableToJson({ rows, ...head }: LabTable): string {
  const text = JSON.stringify(head, null, 2).slice(0, -2);
  return `${text},\n  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]\n}\n`;
}

/**
 * Reads a table of trained denoisers. A search is told the mean PSNR, at a fidelity (by default the highest), over the seeds that every
 * architecture was trained with: seeds differ by more than architectures do. Throws LabError `bad_data` for a file that is no such table,
 * lacks that fidelity or has no seed in common, `newer_version`, `not_found`, `permission`.
 */
export async function readLabTable(file: string, fidelity?: number): Promise<TableBenchmark<Genotype>> {
  const parsed = labTableSchema.safeParse(await readJson(file), { reportInput: true });
  if (!parsed.success) throw new LabError("bad_data", `table ${file}: ${shapeFault(parsed.error.issues)}`);
  const table = parsed.data;
  if (table.version > VERSION) {
    const what = `table ${file}: version must be ${VERSION} or lower, got ${table.version}: a newer HiNAS Lab wrote it`;
    throw new LabError("newer_version", what);
  }
  const config = searchConfigSchema.safeParse(table.config, { reportInput: true });
  if (!config.success) throw new LabError("bad_data", `table ${file}: config: ${shapeFault(config.error.issues)}`);
  const column = fidelity === undefined ? table.fidelities.length - 1 : table.fidelities.indexOf(fidelity);
  if (column === -1) {
    const known = table.fidelities.join(", ");
    throw new LabError("bad_data", `table ${file}: the fidelity must be one of ${known}, got ${String(fidelity)}`);
  }
  const space = createCellsSpace(config.data.space);
  const seeds = commonSeeds(table.rows);
  if (seeds.length === 0)
    throw new LabError("bad_data", `table ${file}: all rows must have a seed in common, got none`);
  const scores = new Map(
    table.rows.map(({ genotype, psnrDb }, index) => {
      const place = `table ${file}: rows[${index}]`;
      const key = space.key(parseGenotype(genotype, place));
      return [key, meanOf(seeds.map((seed) => at(psnrDb[seed] ?? [], column, place)))];
    }),
  );
  checkWhole(scores.size, space.size, `table ${file}`);
  return {
    name: table.name,
    space,
    scores: [...scores.values()],
    scoreOf: (genotype) => {
      const score = scores.get(space.key(genotype));
      if (score === undefined) throw new Error(`table ${file} has no ${space.key(genotype)}`);
      return score;
    },
  };
}

async function readJson(file: string): Promise<unknown> {
  const text = (await readRegularFile(file, MOST_BYTES)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabError("bad_data", `table ${file} must be JSON, got ${JSON.stringify(text.slice(0, 40))}`, { cause });
  }
}

/** The seeds that each row has a training with. */
function commonSeeds(rows: LabTable["rows"]): readonly string[] {
  const [first, ...others] = rows;
  return Object.keys(first?.psnrDb ?? {}).filter((seed) => others.every(({ psnrDb }) => seed in psnrDb));
}

function checkWhole(got: number, size: number, place: string): void {
  if (got === size) return;
  throw new LabError("bad_data", `${place}: must have all ${size} architectures of its space, got ${got}`);
}

function seedOf({ seed, search: { estimator } }: SearchConfig): number {
  return (estimator.kind === "short_training" ? estimator.seed : null) ?? seed;
}

/** The settings that all searches of a table share, as text. */
function describeConfig({ search, ...rest }: SearchConfig): string {
  const { estimator } = search;
  const shared = estimator.kind === "short_training" ? { ...estimator, seed: null } : estimator;
  const strategy = { kind: "random" };
  return JSON.stringify({ ...rest, name: "", seed: 0, search: { ...search, strategy, estimator: shared } });
}

/** A thousandth of a dB is far below what another seed changes. */
function round(psnrDb: number): number {
  return Math.round(psnrDb * 1000) / 1000;
}

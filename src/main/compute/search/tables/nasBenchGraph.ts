import { z } from "zod";

import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

import { readRegularFile } from "#main/files/readRegularFile.ts";
import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";

import type { PickleValue } from "./pickleItems.ts";
import { readPickle } from "./readPickle.ts";
import type { TableBenchmark } from "./tableBenchmark.ts";

/** The largest of the published files has two megabytes. */
const MOST_BYTES = 64 * 2 ** 20;

/** The operations in the order of the table's keys (Qin and others 2022). */
const OPERATIONS = ["gat", "gcn", "gin", "cheb", "sage", "arma", "graph", "fc", "skip"] as const;

/** Which node before it (0: the input) each of the four nodes reads, in the order of the table's keys. */
const LINKS = ["0000", "0001", "0011", "0012", "0013", "0111", "0112", "0122", "0123"] as const;
const NODES = 4;

/** An architecture of the table: what each node reads, and what it computes. */
export interface GraphArchitecture {
  readonly links: string;
  readonly operations: readonly string[];
}

/**
 * Reads a light table of NAS-Bench-Graph (PyPI package `nas-bench-graph`, Apache-2.0, folder `light`): validation accuracy of
 * 26,206 graph networks on a data set. A change of an architecture is another operation of a node, or other links, as far as the table
 * has the result. Throws LabError `bad_data` for a file that is no such table, `not_found`, `permission`.
 */
export async function readNasBenchGraph(file: string): Promise<TableBenchmark<GraphArchitecture>> {
  const read = readPickle(await readRegularFile(file, MOST_BYTES), file);
  const rows = rowsOf(read, file);
  const table = new Map<string, { readonly architecture: GraphArchitecture; readonly score: number }>();
  for (const [key, score] of rows) {
    const architecture = architectureOf(key, file);
    table.set(shapeOf(architecture), { architecture, score });
  }
  const entries = [...table.values()];
  return {
    name: file.replace(/^.*[/\\]/, "").replace(/\.bench$/, ""),
    space: createSpace(new Map([...table].map(([shape, { architecture }]) => [shape, architecture]))),
    scores: entries.map(({ score }) => score),
    scoreOf: (architecture) => {
      const entry = table.get(shapeOf(architecture));
      if (entry === undefined) throw new Error(`table ${file} has no ${shapeOf(architecture)}`);
      return entry.score;
    },
  };
}

/** Keys and validation accuracies. */
function rowsOf(read: PickleValue, file: string): (readonly [number, number])[] {
  if (!(read instanceof Map) || read.size === 0) throw notATable(file, "a mapping by architecture", "something else");
  return [...(read as ReadonlyMap<PickleValue, PickleValue>)].map(([key, row]) => {
    const score = row instanceof Map ? (row as ReadonlyMap<PickleValue, PickleValue>).get("valid_perf") : undefined;
    if (typeof key !== "number" || typeof score !== "number" || !Number.isFinite(score)) {
      throw notATable(
        file,
        "valid_perf, a finite number, for every architecture",
        `none for ${typeof key === "number" || typeof key === "string" ? key : typeof key}`,
      );
    }
    return [key, score];
  });
}

/** The digits of a key are the links and the operations. */
function architectureOf(key: number, file: string): GraphArchitecture {
  const base = OPERATIONS.length + 1;
  const digits = Array.from({ length: NODES }, (_, node) => Math.floor(key / base ** (NODES - 1 - node)) % base);
  const links = LINKS[Math.floor(key / base ** NODES)];
  const operations = digits.flatMap((digit) => OPERATIONS[digit] ?? []);
  if (links === undefined || operations.length < NODES) throw notATable(file, "keys of architectures", String(key));
  return { links, operations };
}

function notATable(file: string, expected: string, got: string): LabError {
  return new LabError("bad_data", `table ${file} must hold ${expected}, got ${got}`);
}

/** Writes an architecture as a tree from its input, branches in order of their text: equal ones are written alike. */
function shapeOf({ links, operations }: GraphArchitecture): string {
  const below = (parent: number): string => {
    const children = operations.flatMap((operation, node) =>
      Number(links[node]) === parent ? [`${operation}${below(node + 1)}`] : [],
    );
    return children.length === 0 ? "" : `(${children.toSorted().join(" ")})`;
  };
  return below(0);
}

function createSpace(table: ReadonlyMap<string, GraphArchitecture>): CandidateSpace<GraphArchitecture> {
  const all = [...table.values()];
  // Searches come to the same architectures over and over.
  const shapes = new Map([...table].map(([shape, architecture]) => [architecture, shape]));
  const known = new Map<string, readonly GraphArchitecture[]>();
  const key = (architecture: GraphArchitecture): string => shapes.get(architecture) ?? shapeOf(architecture);
  const changesOf = ({ links, operations: own }: GraphArchitecture): GraphArchitecture[] => [
    ...LINKS.filter((other) => other !== links).map((other) => ({ links: other, operations: own })),
    ...own.flatMap((before, node) =>
      OPERATIONS.filter((other) => other !== before).map((other) => ({
        links,
        operations: own.map((each, index) => (index === node ? other : each)),
      })),
    ),
  ];
  const findNeighbours = (architecture: GraphArchitecture): readonly GraphArchitecture[] => {
    const changed = new Set(changesOf(architecture).map(shapeOf));
    changed.delete(key(architecture));
    return [...changed].flatMap((shape) => table.get(shape) ?? []);
  };
  const neighbours = (architecture: GraphArchitecture): readonly GraphArchitecture[] => {
    const own = key(architecture);
    const found = known.get(own) ?? findNeighbours(architecture);
    known.set(own, found);
    return found;
  };
  return {
    size: all.length,
    // Which links and operations the table lacks follows no rule that choices one by one could keep.
    decisions: null,
    sample: (random) => at(all, random.integer(all.length), "table"),
    mutate: (architecture, random) => {
      const around = neighbours(architecture);
      return around.length === 0 ? architecture : at(around, random.integer(around.length), "neighbours");
    },
    neighbours,
    encode: encodeWays,
    key,
    parse: (value, source) => parseArchitecture(value, source, table),
  };
}

/** Names the ways from the input to each node. */
function encodeWays({ links, operations }: GraphArchitecture): string[] {
  const ways = [""];
  for (const [node, operation] of operations.entries()) {
    ways.push(`${at(ways, Number(links[node]), "ways")} ${operation}`);
  }
  return [...new Set(ways.slice(1))];
}

const architectureSchema = z.object({ links: z.enum(LINKS), operations: z.array(z.string()).length(NODES) });

function parseArchitecture(
  value: unknown,
  source: string,
  table: ReadonlyMap<string, GraphArchitecture>,
): GraphArchitecture {
  const parsed = architectureSchema.safeParse(value);
  const found = parsed.success ? table.get(shapeOf(parsed.data)) : undefined;
  if (found === undefined) throw new LabError("bad_data", `${source}: must be an architecture of the table`);
  return found;
}

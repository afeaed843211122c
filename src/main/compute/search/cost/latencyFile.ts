import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import {
  latencyPrices,
  type LatencyTable,
  latencyTableSchema,
  listRequests,
  nameRow,
} from "#shared/space/graph/latencyTable.ts";
import type { Prices } from "#shared/space/graph/prices.ts";
import { costTrellisOf } from "#shared/space/spaces/costTrellises.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import { describeEngine, type Engine } from "#main/compute/engine/engine.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import type { SearchRequest } from "#main/compute/protocol.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

import { measureLatency } from "./measureLatency.ts";

/** The table of a run in its folder: a continuation works with the same numbers, wherever it goes on. */
const OWN_FILE = "latency.json";

/** Large enough that what a run costs beside its pixels does not decide; a multiple of every scale up to six halvings. */
const SIDE_PX = 256;

/**
 * Opens the prices of a search whose cost is measured latency; null for every other. What no earlier search has measured on this device by
 * this engine is measured, and kept in the request's folder of tables and in the run's. Throws LabError as `readJsonFile` does for
 * a file that is no table.
 */
export async function openLatencyPrices(
  { engine, emit }: Pick<JobContext, "engine" | "emit">,
  { config, folder, latencyFolder }: Pick<SearchRequest, "config" | "folder" | "latencyFolder">,
): Promise<Prices | null> {
  if (config.search.cost.kind !== "latency") return null;
  const own = join(folder, OWN_FILE);
  if (existsSync(own)) return latencyPrices(await readJsonFile(own, latencyTableSchema));
  const empty = emptyTable(engine);
  const shared = latencyFolder === undefined ? null : join(latencyFolder, nameFile(empty));
  const known = shared !== null && existsSync(shared) ? await readJsonFile(shared, latencyTableSchema) : empty;
  const { table, measured } = await measureMissing(engine, config.space, known);
  if (shared !== null && measured > 0) await writeTable(shared, table);
  await writeTable(own, table);
  const { device, engine: name } = table;
  emit({
    type: "log",
    level: "info",
    message: `latency: measured ${measured} parts of networks on ${device} by ${name}`,
  });
  return latencyPrices(table);
}

/** Measures what a space asks for and the table does not have; tells how much that was. */
export async function measureMissing(
  { kernels }: Pick<Engine, "kernels">,
  space: SearchSpace,
  known: LatencyTable,
  now?: () => number,
): Promise<{ readonly table: LatencyTable; readonly measured: number }> {
  const requests = listRequests((prices) => costTrellisOf(space, prices));
  const missing = requests.filter((request) => !Object.hasOwn(known.rows, nameRow(request)));
  const timing = { sidePx: known.sidePx, ...(now === undefined ? {} : { now }) };
  const rows = new Map(Object.entries(known.rows));
  for (const request of missing) {
    rows.set(nameRow(request), measureLatency(kernels, request, timing));
    // Orders and heartbeats are heard between two parts.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { table: { ...known, rows: Object.fromEntries(rows) }, measured: missing.length };
}

/** A table without rows of this device and engine. */
export function emptyTable(engine: Engine): LatencyTable {
  const { device, backend, tensorflowVersion, oneDnn } = describeEngine(engine);
  const name = [backend, tensorflowVersion, oneDnn ? "with oneDNN" : null].filter((part) => part !== null).join(" ");
  return { schema: "hinas.latency", version: 1, device, engine: name, sidePx: SIDE_PX, rows: {} };
}

function nameFile({ device, engine, sidePx }: LatencyTable): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([device, engine, sidePx]))
    .digest("hex");
  return `${hash.slice(0, 8)}.json`;
}

async function writeTable(file: string, table: LatencyTable): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomically(file, `${JSON.stringify(table, null, 2)}\n`);
}

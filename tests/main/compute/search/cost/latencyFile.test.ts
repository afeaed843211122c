import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import { latencyTableSchema } from "#shared/space/graph/latencyTable.ts";

import { makeContext, makeRunFolder } from "#tests/main/compute/job/jobs.ts";
import { configOf } from "#tests/main/compute/search/tinySearch.ts";

const config = configOf(
  { epochs: 2, cost: { kind: "latency", weight: 0.1 } },
  { primitives: ["conv_3x3", "skip_connect"], stemChannels: 2 },
);

/** Searches with tables in `latencyFolder`; what was logged and what was expected at each step. */
async function search(latencyFolder: string, folder: string) {
  const context = await makeContext();
  await runSearch(context, { config, folder, resume: false, latencyFolder });
  const log = context.events.flatMap((event) => (event.type === "log" ? [event.message] : []));
  const expected = context.events.flatMap((event) => (event.type === "step" ? [event.expectedCost] : []));
  return { log, expected };
}

const readTable = async (file: string) => latencyTableSchema.parse(JSON.parse(await readFile(file, "utf8")));

describe("the latencies of a search", () => {
  it("are measured once for a device and an engine, and kept by the run too", async () => {
    const [tables, first, second] = [await makeRunFolder(), await makeRunFolder(), await makeRunFolder()];
    const { log, expected } = await search(join(tables, "latencies"), first);
    const own = await readTable(join(first, "latency.json"));
    expect(Object.keys(own.rows).toSorted()).toEqual(
      expect.arrayContaining(["conv_3x3 2 @1", "conv_3x3 3 @1", "convolution 1x1 2>2 @1"]),
    );
    expect(own.device.length * own.engine.length).toBeGreaterThan(0);
    expect(log).toContain(
      `latency: measured ${Object.keys(own.rows).length} parts of networks on ${own.device} by ${own.engine}`,
    );
    expect(expected.every((ms) => ms !== undefined && ms > 0)).toBe(true);
    const [file = ""] = await readdir(join(tables, "latencies"));
    expect(await readTable(join(tables, "latencies", file))).toEqual(own);

    const again = await search(join(tables, "latencies"), second);
    expect(again.log[0]).toContain("measured 0 parts");
    expect(again.expected[0]).toBe(expected[0]);
  });

  it("are those of the run's own table, and a file that is none is refused by its name", async () => {
    const folder = await makeRunFolder();
    const file = join(folder, "latency.json");
    await writeFile(file, "{}");
    await expect(search(join(folder, "latencies"), folder)).rejects.toThrow("latency.json");
  });
});

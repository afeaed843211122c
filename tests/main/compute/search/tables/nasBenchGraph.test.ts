import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readNasBenchGraph } from "#main/compute/search/tables/nasBenchGraph.ts";
import { searchTable } from "#main/compute/search/tables/searchTable.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { evolutionSchema, randomSchema, reinforceSchema } from "#shared/runs/strategySchema.ts";

/**
 * Written by Python's pickle as the published tables are: keys 0, 1111, 10000, 12345, 80000 and 80008, with valid_perf 0.50,
 * 0.51, ... 0.55 in that order.
 */
const TABLE =
  "gAN9cQAoSwB9cQEoWAoAAAB2YWxpZF9wZXJmcQJHP+AAAAAAAABYBAAAAHBlcmZxA0c/2ZmZmZmZmlgHAAAAbGF0ZW5jeXEERz/wAAAAAAAAWAQAAABwYXJh" +
  "cQVHQAAAAAAAAAB1TVcEfXEGKGgCRz/gUeuFHrhSaANHP9mZmZmZmZpoBEc/8AAAAAAAAGgFR0AAAAAAAAAAdU0QJ31xByhoAkc/4KPXCj1wpGgDRz/ZmZmZ" +
  "mZmaaARHP/AAAAAAAABoBUdAAAAAAAAAAHVNOTB9cQgoaAJHP+D1wo9cKPZoA0c/2ZmZmZmZmmgERz/wAAAAAAAAaAVHQAAAAAAAAAB1SoA4AQB9cQkoaAJH" +
  "P+FHrhR64UhoA0c/2ZmZmZmZmmgERz/wAAAAAAAAaAVHQAAAAAAAAAB1Sog4AQB9cQooaAJHP+GZmZmZmZpoA0c/2ZmZmZmZmmgERz/wAAAAAAAAaAVHQAAA" +
  "AAAAAAB1dS4=";

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-table-"));
  file = join(folder, "cora.bench");
  await writeFile(file, Buffer.from(TABLE, "base64"));
});
afterAll(() => rm(folder, { recursive: true }));

const gats = ["gat", "gat", "gat", "gat"];

describe("readNasBenchGraph", () => {
  it("reads links, operations and validation accuracies by the table's keys", async () => {
    const table = await readNasBenchGraph(file);
    expect(table.name).toBe("cora");
    expect(table.scores).toEqual([0.5, 0.51, 0.52, 0.53, 0.54, 0.55]);
    expect(table.scoreOf({ links: "0001", operations: ["gin", "cheb", "sage", "arma"] })).toBe(0.53);
    expect(table.scoreOf({ links: "0123", operations: gats })).toBe(0.54);
    // Which branch comes first means nothing.
    expect(table.scoreOf({ links: "0001", operations: ["gin", "sage", "cheb", "arma"] })).toBe(0.53);
  });

  it("changes an architecture into those of the table that are one operation or other links away", async () => {
    const { space } = await readNasBenchGraph(file);
    expect(space.neighbours({ links: "0123", operations: [...gats.slice(1), "skip"] })).toEqual([
      { links: "0123", operations: gats },
    ]);
    const around = space.neighbours({ links: "0000", operations: gats }).map(({ links }) => links);
    expect(around.toSorted()).toEqual(["0001", "0123"]);
    expect(space.encode({ links: "0012", operations: ["gat", "gcn", "fc", "skip"] })).toEqual([
      ...[" gat", " gcn", " gat fc", " gcn skip"],
    ]);
    const lonely = { links: "0000", operations: ["gcn", "gcn", "gcn", "gcn"] };
    expect(space.mutate(lonely, createRandom(0))).toEqual(lonely);
  });

  it("is searched until it has no more", async () => {
    const table = await readNasBenchGraph(file);
    const found = searchTable(table, randomSchema.parse({ kind: "random" }), 0);
    expect(found.map(({ score }) => score).toSorted()).toEqual(table.scores);
    const evolved = searchTable(table, evolutionSchema.parse({ kind: "evolution", population: 2, sample: 2 }), 0);
    expect(evolved.map(({ score }) => score).toSorted()).toEqual(table.scores);
    expect(() => searchTable(table, reinforceSchema.parse({ kind: "reinforce" }), 0)).toThrow(
      "needs a space of choices",
    );
  });

  it.each([
    ["text", "accuracy,0.5", "must be a pickle of protocol 2 to 4, got another kind of file"],
    ["a list", Buffer.from("gANdLg==", "base64"), "must hold a mapping by architecture, got something else"],
    [
      "a mapping of texts",
      Buffer.from("gAN9WAEAAABhSwFzLg==", "base64"),
      "must hold valid_perf, a finite number, for every architecture, got none for a",
    ],
  ])("refuses %s", async (_, content, message) => {
    const other = join(folder, "other.bench");
    await writeFile(other, content);
    await expect(readNasBenchGraph(other)).rejects.toThrow(message);
    await expect(readNasBenchGraph(other)).rejects.toThrow(other);
  });

  it("refuses a key that means no architecture, and a file that is not there", async () => {
    const other = join(folder, "other.bench");
    // {99999: {"valid_perf": 0.5}}
    await writeFile(other, Buffer.from("gAN9Sp+GAQB9WAoAAAB2YWxpZF9wZXJmRz/gAAAAAAAAc3Mu", "base64"));
    await expect(readNasBenchGraph(other)).rejects.toThrow("must hold keys of architectures, got 99999");
    await expect(readNasBenchGraph(join(folder, "none.bench"))).rejects.toMatchObject({ kind: "not_found" });
  });
});

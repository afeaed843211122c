import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openStore, type Store } from "#main/store/openStore.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";

import { buildCandidate, buildCard, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";

let home = "";
let store: Store;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hinas-tables-"));
  store = openStore(home);
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true });
});

const older = toRunSummary("/runs/run-A1", buildManifest("A1"), buildStatus());
const newer = {
  ...toRunSummary("/runs/run-A2", buildManifest("A2"), buildStatus({ best: null, engine: null })),
  createdAt: "2026-02-01T00:00:00.000Z",
};
const evaluation = { recipe: "whole", dataset: "kittens", psnrDb: 28, ssim: 0.8, file: "e.json" };

describe("the table of runs", () => {
  it("gives back what was put, newest first", () => {
    store.runs.put(older);
    store.runs.put(newer);
    expect(store.runs.list()).toEqual([newer, older]);
    expect(store.runs.find("A1")).toEqual(older);
    expect(store.runs.find("A")).toBeNull();
  });

  it("replaces a run that is put again", () => {
    store.runs.put(older);
    const failed = {
      ...older,
      state: "failed",
      reason: "diverged",
      errorKind: "diverged",
      step: 41,
      best: null,
    } as const;
    store.runs.put(failed);
    expect(store.runs.list()).toEqual([failed]);
  });

  it("finds runs by the beginning of their id, in which no sign is special", () => {
    store.runs.put(older);
    store.runs.put(newer);
    expect(store.runs.findByPrefix("A1")).toEqual([older]);
    expect(store.runs.findByPrefix("A")).toHaveLength(2);
    expect(store.runs.findByPrefix("%")).toEqual([]);
    expect(store.runs.findByPrefix("_")).toEqual([]);
  });

  it("names the genotype that was last derived from a search", () => {
    store.runs.put(older);
    expect(store.runs.find("A1")?.genotypeHash).toBeNull();
    store.genotypes.put({ runId: "A1", epoch: 9, hash: "nine", file: "g.json", derivedAt: "2026-01-02" });
    store.genotypes.put({ runId: "A1", epoch: 3, hash: "three", file: "g.json", derivedAt: "2026-01-03" });
    expect(store.runs.find("A1")?.genotypeHash).toBe("three");
  });

  it("takes a run's genotypes and evaluations away with it", () => {
    store.runs.put(older);
    store.genotypes.put({ runId: "A1", epoch: 3, hash: "abcd", file: "g.json", derivedAt: "" });
    store.evaluations.put({ id: "E1", runId: "A1", ...evaluation, evaluatedAt: "" });
    expect(store.genotypes.listOfRun("A1")).toHaveLength(1);
    expect(store.evaluations.listOfRun("A1")).toHaveLength(1);
    store.runs.remove("A1");
    expect(store.genotypes.listOfRun("A1")).toEqual([]);
    expect(store.evaluations.listOfRun("A1")).toEqual([]);
  });
});

describe("the table of candidates", () => {
  const list = () => store.candidates.listOfRun("A1").map(({ step }) => step);

  it("keeps them in their order and replaces those from a number on", () => {
    store.runs.put(older);
    store.candidates.replaceFrom("A1", 0, [10, 20, 30].map(buildCandidate));
    expect(store.candidates.listOfRun("A1")[1]).toEqual(buildCandidate(20));
    store.candidates.replaceFrom("A1", 3, [buildCandidate(30)]);
    const origin = { parent: "0badf00d", predicted: { mean: 0.7, deviation: 0.1 } };
    store.candidates.replaceFrom("A1", 3, [{ ...buildCandidate(30), origin }]);
    expect(store.candidates.listOfRun("A1")[3]).toEqual({ ...buildCandidate(30), origin });
    const validated = { ...buildCandidate(30), psnrDb: 28.5, memoryBytesPerPixel: 312 };
    store.candidates.replaceFrom("A1", 3, [validated]);
    expect(store.candidates.listOfRun("A1")[3]).toEqual(validated);
    expect(list()).toEqual([10, 20, 30, 30]);
    store.candidates.replaceFrom("A1", 1, [buildCandidate(15)]);
    expect(list()).toEqual([10, 15]);
  });

  it("loses them with their run", () => {
    store.runs.put(older);
    store.candidates.replaceFrom("A1", 0, [buildCandidate(10)]);
    store.runs.remove("A1");
    expect(list()).toEqual([]);
  });
});

describe("the other tables", () => {
  it("keep one genotype per epoch, the last that was derived", () => {
    store.runs.put(older);
    store.genotypes.put({ runId: "A1", epoch: 3, hash: "old", file: "g.json", derivedAt: "1" });
    store.genotypes.put({ runId: "A1", epoch: 3, hash: "new", file: "g.json", derivedAt: "2" });
    expect(store.genotypes.listOfRun("A1").map(({ hash }) => hash)).toEqual(["new"]);
  });

  it("list evaluations oldest first", () => {
    store.runs.put(older);
    store.evaluations.put({ id: "E2", runId: "A1", ...evaluation, evaluatedAt: "2026-01-02" });
    store.evaluations.put({ id: "E1", runId: "A1", ...evaluation, evaluatedAt: "2026-01-01" });
    expect(store.evaluations.listOfRun("A1").map(({ id }) => id)).toEqual(["E1", "E2"]);
  });

  it("remember a data set by its name, with the newest card", () => {
    const card = { ...buildCard(), name: "a" };
    store.datasets.put(card);
    const download = { address: "https://a/b.zip", sha256: "f00d", isCompared: false, at: "2026-01-02T03:04:05.000Z" };
    store.datasets.put({ ...card, noisyFolder: "/n", photos: 4, download });
    expect(store.datasets.list()).toEqual([{ ...card, noisyFolder: "/n", photos: 4, download }]);
    expect(store.datasets.find("a")?.photos).toBe(4);
    expect(store.datasets.find("b")).toBeNull();
  });

  it("undo all of a transaction that fails", () => {
    const fail = () =>
      store.inTransaction(() => {
        store.runs.put(older);
        throw new Error("half-way");
      });
    expect(fail).toThrow("half-way");
    expect(store.runs.list()).toEqual([]);
  });
});

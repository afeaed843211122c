import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ulid } from "ulid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatasetCards } from "#main/store/cards/datasetCards.ts";
import { getHomePaths, getLabHome } from "#main/store/labHome.ts";
import { openStore } from "#main/store/openStore.ts";
import { rebuildStore } from "#main/store/rebuildStore.ts";
import { openEventLog } from "#main/store/runs/eventLog.ts";
import { createRunFolder } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem, getGenotypeStem, toEvaluationRow } from "#main/store/runs/runProducts.ts";
import { readRunSummary } from "#main/store/runs/runSummary.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";
import { genotypeHash, genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { candidateEvent, resumedEvent } from "#tests/helpers/runEvents.ts";
import { buildCandidate, buildCard, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hinas-rebuild-"));
  await mkdir(getHomePaths(home).runs);
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

const scores = { psnrDb: 28.5, ssim: 0.8, psnr8BitDb: 28.4, ssim8Bit: 0.79 };
const evaluation: Evaluation = {
  schema: "hinas.evaluation",
  version: 1,
  recipe: { name: "whole-image", noise: "gaussian-30", noiseSeed: 0, clipped: true, channels: "grey" },
  dataset: "set",
  model: { runId: "A1", checkpoint: "best", genotypeHash: "abcd" },
  images: [],
  mean: { noisy: scores, blurred: scores, denoised: scores },
  parameters: 1,
  multiplyAddsPerPixel: 1,
  megapixelsPerSecond: 1,
  peakResidentMb: 1,
  engine: "test",
};
const evaluationId = "01JGKZ6DV0ABCDEFGHJKMNPQRS";
const card = { ...buildCard(), name: "../strange name*" };

async function fillHome(): Promise<void> {
  const paths = await createRunFolder(getHomePaths(home).runs, buildManifest("A1"), buildStatus());
  await writeFile(`${getGenotypeStem(paths, 17)}.json`, genotypeToJson(TINY_GENOTYPE));
  await writeFile(`${getEvaluationStem(paths, evaluationId)}.json`, JSON.stringify(evaluation));
  await openDatasetCards(getHomePaths(home).datasets).write(card.name, card);
}

async function listArchitectures() {
  const store = openStore(home);
  const architectures = store.architectures.list();
  store.close();
  return architectures;
}

describe("rebuildStore", () => {
  it("recreates every row from the files alone", async () => {
    await fillHome();
    expect(await rebuildStore(home)).toEqual({ runs: 1, problems: [] });
    const store = openStore(home);
    expect(store.datasets.list()).toEqual([card]);
    const hash = genotypeHash(TINY_GENOTYPE);
    const summary = await readRunSummary(join(home, "runs", "run-A1"));
    expect(store.runs.list()).toEqual([{ ...summary, genotypeHash: hash }]);
    expect(store.genotypes.listOfRun("A1")).toMatchObject([{ epoch: 17, hash, file: "genotypes/epoch-0017.json" }]);
    expect(store.evaluations.listOfRun("A1")).toEqual([toEvaluationRow(evaluationId, "A1", evaluation)]);
    store.close();
  });

  it("finds the candidates that a run tried and the study that it belongs to", async () => {
    const manifest = { ...buildManifest("A1"), study: "S1" };
    const paths = await createRunFolder(getHomePaths(home).runs, manifest, buildStatus());
    const events = openEventLog(paths.events);
    for (const event of [candidateEvent(10), candidateEvent(20), resumedEvent(10), candidateEvent(20)]) {
      events.append(event);
    }
    events.close();
    await createRunFolder(getHomePaths(home).runs, buildManifest("B2"), buildStatus());
    expect(await rebuildStore(home)).toEqual({ runs: 2, problems: [] });
    const store = openStore(home);
    expect(store.runs.find("A1")?.studyId).toBe("S1");
    expect(store.candidates.listOfRun("A1")).toEqual([10, 20].map(buildCandidate));
    expect(store.runs.find("B2")?.studyId).toBeNull();
    expect(store.candidates.listOfRun("B2")).toEqual([]);
    store.close();
  });

  it("takes in a run of the first versions, whose folder names no study", async () => {
    const paths = await createRunFolder(getHomePaths(home).runs, buildManifest("A1"), buildStatus());
    await writeFile(paths.resolved, JSON.stringify({ ...buildManifest("A1"), study: undefined }));
    expect(await rebuildStore(home)).toEqual({ runs: 1, problems: [] });
    const store = openStore(home);
    expect(store.runs.find("A1")?.studyId).toBeNull();
    store.close();
  });

  it("takes up what was derived from a search as an architecture, with where it is from", async () => {
    await fillHome();
    await rebuildStore(home);
    const stem = join(home, "runs", "run-A1", "genotypes", "epoch-0017.json");
    const derived = {
      hash: genotypeHash(TINY_GENOTYPE),
      name: "search A1, epoch 17",
      genotype: TINY_GENOTYPE,
      origin: { kind: "derived", runId: "A1", runName: "search A1", epoch: 17 },
      addedAt: (await stat(stem)).mtime.toISOString(),
    };
    expect(await listArchitectures()).toEqual([derived]);
    await rm(join(home, "runs", "run-A1"), { recursive: true });
    await rm(getHomePaths(home).database);
    await rebuildStore(home);
    expect(await listArchitectures()).toEqual([derived]);
  });

  it("takes up what was trained, unless a search tells that it was derived there", async () => {
    const manifest = buildManifest("C3");
    const trained = {
      ...manifest,
      kind: "train",
      config: trainConfigSchema.parse({}),
      genotype: TINY_GENOTYPE,
    } as const;
    await createRunFolder(getHomePaths(home).runs, trained, buildStatus());
    const hash = genotypeHash(TINY_GENOTYPE);
    await rebuildStore(home);
    const imported = { kind: "imported", source: "training on kittens" };
    expect(await listArchitectures()).toMatchObject([
      { hash, name: `genotype ${hash}`, origin: imported, addedAt: manifest.createdAt },
    ]);
    await rm(getHomePaths(home).database);
    await rm(getHomePaths(home).architectures, { recursive: true });
    await fillHome();
    await rebuildStore(home);
    expect(await listArchitectures()).toMatchObject([{ hash, origin: { kind: "derived", epoch: 17 } }]);
  });

  it("writes the cards that are missing of what a working database knows, under the names given there", async () => {
    await fillHome();
    await rebuildStore(home);
    const store = openStore(home);
    const [known] = store.architectures.list();
    store.architectures.put({ ...known!, name: "my favourite" });
    store.close();
    await rm(getHomePaths(home).architectures, { recursive: true });
    await rebuildStore(home);
    await rm(getHomePaths(home).database);
    await rebuildStore(home);
    expect(await listArchitectures()).toMatchObject([{ hash: known!.hash, name: "my favourite" }]);
  });

  it("leaves a damaged card of an architecture alone, though a run knows the architecture", async () => {
    await fillHome();
    const file = join(getHomePaths(home).architectures, `${genotypeHash(TINY_GENOTYPE)}.json`);
    await mkdir(getHomePaths(home).architectures);
    await writeFile(file, "{");
    expect((await rebuildStore(home)).problems).toEqual([expect.stringContaining(file)]);
    expect(await readFile(file, "utf8")).toBe("{");
    expect(await listArchitectures()).toMatchObject([{ name: "search A1, epoch 17" }]);
  });

  it("moves a damaged database to the trash and starts a new one", async () => {
    await fillHome();
    await writeFile(getHomePaths(home).database, "damaged ".repeat(1000));
    expect(await rebuildStore(home)).toEqual({ runs: 1, problems: [] });
    const [moved = ""] = await readdir(getHomePaths(home).trash);
    expect(await readFile(join(getHomePaths(home).trash, moved), "utf8")).toMatch(/^damaged /);
  });

  it("forgets runs whose folders are gone and keeps those of a working database", async () => {
    await fillHome();
    await rebuildStore(home);
    await rm(join(home, "runs", "run-A1"), { recursive: true });
    await createRunFolder(getHomePaths(home).runs, buildManifest("B2"), buildStatus());
    expect(await rebuildStore(home)).toEqual({ runs: 1, problems: [] });
    const store = openStore(home);
    expect(store.runs.list().map(({ id }) => id)).toEqual(["B2"]);
    store.close();
  });

  it("removes runs that were never finished being made, but none that may be in the making", async () => {
    const { runs } = getHomePaths(home);
    const [old, young] = [`.new-${ulid(1)}`, `.new-${ulid()}`];
    await mkdir(join(runs, old, "checkpoints"), { recursive: true });
    await mkdir(join(runs, young));
    await rebuildStore(home);
    expect(await readdir(runs)).toEqual([young]);
  });

  it("reports what it cannot read, leaves it where it is and takes in the rest", async () => {
    await fillHome();
    const broken = await createRunFolder(getHomePaths(home).runs, buildManifest("B2"), buildStatus());
    await writeFile(broken.resolved, "{");
    await writeFile(join(home, "runs", "run-A1", "genotypes", "epoch-0018.json"), "{}");
    await writeFile(join(home, "datasets", "odd.json"), "[]");
    const { runs, problems } = await rebuildStore(home);
    expect(runs).toBe(1);
    expect(problems).toEqual([
      expect.stringContaining("odd.json"),
      expect.stringContaining("epoch-0018.json"),
      expect.stringContaining(broken.resolved),
    ]);
    expect(await readFile(broken.resolved, "utf8")).toBe("{");
  });
});

describe("getLabHome", () => {
  it("follows HINAS_HOME before all else", () => {
    expect(getLabHome({ HINAS_HOME: "/lab/home", XDG_DATA_HOME: "/data" })).toBe("/lab/home");
  });

  it.skipIf(process.platform !== "linux")("follows XDG_DATA_HOME on Linux", () => {
    expect(getLabHome({ XDG_DATA_HOME: "/data" })).toBe("/data/hinas-lab");
    expect(getLabHome({ HOME: "/ignored" })).toMatch(/\/\.local\/share\/hinas-lab$/);
  });
});

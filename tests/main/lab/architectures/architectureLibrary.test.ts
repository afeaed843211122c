import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { genotypeHash, genotypeToJson } from "#shared/space/spaces/spaces.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

async function search(lab: Lab): Promise<string> {
  const dataset = await writePhotos(await makeFolder(), 4);
  const config = searchConfigSchema.parse({ name: "first", data: { dataset }, space: { layers: 2, nodes: 2 } });
  const { id } = await lab.startSearch(config);
  await lab.waitForRun(id);
  return id;
}

const text = genotypeToJson(TINY_GENOTYPE);
const hash = genotypeHash(TINY_GENOTYPE);
const importTiny = (lab: Lab) => lab.importArchitecture({ text, source: "tiny.json", name: null });

describe("the library", () => {
  it("keeps what was derived, with the reasons, as long as its search is there", async () => {
    const { lab } = openLab(await makeFolder());
    const id = await search(lab);
    const derived = await lab.derive(id, 3);
    const [architecture] = await lab.listArchitectures();
    expect(architecture).toMatchObject({
      hash: derived.hash,
      name: "first, epoch 3",
      genotype: derived.genotype,
      origin: { kind: "derived", runId: id, runName: "first", epoch: 3 },
      filters: 20,
      trainings: [],
    });
    const detail = await lab.showArchitecture(derived.hash);
    expect(detail.derivation?.lines).toEqual(derived.explanation);
    expect(detail.derivation?.explanation.layers).toHaveLength(2);
    const { parts, parameters } = networkCost(buildNetworkGraph(planNetwork(derived.genotype, { filters: 20 })));
    expect(detail).toMatchObject({ parts, parameters, ancestors: [], children: [] });
    await lab.removeRun(id);
    expect((await lab.showArchitecture(derived.hash)).derivation).toBeNull();
  });

  it("keeps one entry per genotype, under its first name", async () => {
    const { lab } = openLab(await makeFolder());
    const first = await importTiny(lab);
    expect(first).toMatchObject({ hash, name: "tiny.json", origin: { kind: "imported", source: "tiny.json" } });
    expect(await lab.importArchitecture({ text, source: "other.json", name: "other" })).toEqual(first);
    expect(await lab.listArchitectures()).toEqual([first]);
  });

  it("gives a genotype file back as it was", async () => {
    const { lab } = openLab(await makeFolder());
    await importTiny(lab);
    expect(await lab.exportArchitecture(hash)).toBe(text);
  });

  it.each([
    ["no JSON", "{", "bad_genotype", /broken.json: must be JSON/],
    ["another file", "[]", "bad_genotype", /broken.json/],
    ["a newer program's file", text.replace('"version": 1', '"version": 9'), "newer_version", /a newer HiNAS Lab/],
  ])("refuses %s", async (_title, broken, kind, message) => {
    const { lab } = openLab(await makeFolder());
    const attempt = lab.importArchitecture({ text: broken, source: "broken.json", name: null });
    await expect(attempt).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(await lab.listArchitectures()).toEqual([]);
  });

  it("names the trainings of an architecture, and takes in what a training brought along", async () => {
    const { lab } = openLab(await makeFolder());
    const run = await trainModel(lab, await writePhotos(await makeFolder(), 3));
    expect(await lab.listArchitectures()).toMatchObject([
      { hash, name: `genotype ${hash}`, origin: { kind: "imported" }, trainings: [run.id] },
    ]);
  });
});

describe("editing by hand", () => {
  it("makes a child that knows its line, and leaves the parent as it was", async () => {
    const { lab } = openLab(await makeFolder());
    const parent = await importTiny(lab);
    const edge = { kind: "edge", layer: 0, node: 0, edge: 1, from: "s1", primitive: "dil_conv_3x3" } as const;
    const child = await lab.editArchitecture({ parent: hash, edit: edge, name: null });
    const again = { ...edge, primitive: "sep_conv_5x5" } as const;
    const grandchild = await lab.editArchitecture({ parent: child.hash, edit: again, name: "best" });
    const change = "layer 0, node_0, edge 1: skip_connect of s1 becomes dil_conv_3x3 of s1";
    expect(child).toMatchObject({ name: `tiny.json, ${change}`, origin: { kind: "edited", parent: hash, change } });
    expect(grandchild.name).toBe("best");
    expect(await lab.showArchitecture(grandchild.hash)).toMatchObject({ ancestors: [child.hash, hash], children: [] });
    expect(await lab.showArchitecture(hash)).toMatchObject({ ...parent, children: [child.hash] });
  });

  it("refuses what is no architecture, and changes nothing then", async () => {
    const { lab } = openLab(await makeFolder());
    await importTiny(lab);
    const edit = { kind: "edge", layer: 0, node: 0, edge: 1, from: "node_0", primitive: "conv_3x3" } as const;
    await expect(lab.editArchitecture({ parent: hash, edit, name: null })).rejects.toMatchObject({
      kind: "bad_genotype",
    });
    expect(await lab.listArchitectures()).toHaveLength(1);
  });
});

async function loseDatabase(home: string, lab: Lab): Promise<void> {
  await lab.close();
  for (const suffix of ["", "-wal", "-shm"]) await rm(join(home, `lab.sqlite${suffix}`), { force: true });
}

describe("names and removal", () => {
  it("survive the loss of the database", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    await importTiny(lab);
    await lab.renameArchitecture(hash, "small one");
    expect(await readdir(join(home, "architectures"))).toEqual([`${hash}.json`]);
    await lab.rebuildStore();
    expect(await lab.listArchitectures()).toMatchObject([{ hash, name: "small one" }]);
    await lab.removeArchitecture(hash);
    await lab.rebuildStore();
    expect(await lab.listArchitectures()).toEqual([]);
    await expect(lab.showArchitecture(hash)).rejects.toMatchObject({ kind: "not_found" });
  });

  it("outlast the runs that know the architecture, until it is derived again", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    const id = await search(lab);
    const derived = await lab.derive(id, 3);
    const [kept] = await lab.listArchitectures();
    await lab.renameArchitecture(derived.hash, "favourite");
    await loseDatabase(home, lab);
    const { lab: second } = openLab(home);
    await second.rebuildStore();
    expect(await second.listArchitectures()).toEqual([{ ...kept, name: "favourite" }]);
    await second.removeArchitecture(derived.hash);
    await loseDatabase(home, second);
    const { lab: third } = openLab(home);
    await third.rebuildStore();
    expect(await third.listArchitectures()).toEqual([]);
    expect((await third.showRun(id)).genotypeHash).toBe(derived.hash);
    await third.derive(id, 3);
    await third.rebuildStore();
    expect(await third.listArchitectures()).toMatchObject([{ hash: derived.hash, name: "first, epoch 3" }]);
  });

  it("are told to whoever watches after a rebuild", async () => {
    const { lab } = openLab(await makeFolder());
    const told: unknown[] = [];
    const stop = lab.watch((change) => told.push(change));
    await lab.rebuildStore();
    stop();
    expect(told).toContainEqual({ kind: "stale", topic: "architectures" });
  });
});

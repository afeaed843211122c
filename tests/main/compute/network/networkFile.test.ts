import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readCheckpoint, writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { decodeSafetensors, encodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { packNetwork, readNetwork, writeNetwork } from "#main/compute/network/networkFile.ts";
import type { LabErrorKind } from "#shared/labError.ts";
import { graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { countParameters } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";

import { FRAMES, MIXED_GENOTYPE, MIXED_PLAN, SMALL_PLAN, drawNetwork } from "./tinyNetwork.ts";

async function writeSample(): Promise<string> {
  const file = join(await makeFolder(), "network.safetensors");
  await writeNetwork(file, drawNetwork(SMALL_PLAN), { step: "7" });
  return file;
}

/** Writes a good network with something changed about it. */
async function writeChanged(change: (checkpoint: Checkpoint) => Checkpoint): Promise<string> {
  const file = await writeSample();
  await writeCheckpoint(file, change(await readCheckpoint(file, ["network"])));
  return file;
}

async function rewriteMetadata(file: string, changes: Readonly<Record<string, string>>): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  await writeFile(file, encodeSafetensors(tensors, { ...metadata, ...changes }));
}

async function expectRefusal(file: string, kind: LabErrorKind, message: string | RegExp): Promise<void> {
  const error: unknown = await readNetwork(file).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "LabError", kind });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toContain(file);
}

describe("writeNetwork and readNetwork", () => {
  it.each([
    ["small", SMALL_PLAN],
    ["mixed", MIXED_PLAN],
  ])("give a %s network back exactly", async (_name, plan) => {
    const network = drawNetwork(plan);
    const file = join(await makeFolder(), "network.safetensors");
    await writeNetwork(file, network, {});
    expect(await readNetwork(file)).toEqual(network);
  });

  it("store each filter under its name in the layout HWIO, without filling channels", () => {
    const tensors = packNetwork(drawNetwork(MIXED_PLAN));
    expect(tensors.get("layer_0.op_0.conv")?.shape).toEqual([3, 3, 2, 2]);
    expect(tensors.get("layer_1.op_3.pointwise_1")?.shape).toEqual([1, 1, 3, 3]);
    expect(tensors.get("stem_1.bn.variance")?.shape).toEqual([64]);
    const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    const graph = buildNetworkGraph(MIXED_PLAN);
    expect(numbers).toBe(countParameters([...graphParameters(graph), ...graphStatistics(graph)]));
  });

  it("keep notes beside the genotype", async () => {
    const { notes } = await readCheckpoint(await writeSample(), ["network"]);
    expect(notes).toMatchObject({ step: "7", filters: "2" });
  });

  it.each(FRAMES)("keep every setting of a network with %j", async (frame) => {
    const settings = { ...frame, filters: 3, stemChannels: 8, endpointChannels: 5, decoderChannels: 6 };
    const network = drawNetwork(planNetwork(MIXED_GENOTYPE, settings));
    const file = join(await makeFolder(), "network.safetensors");
    await writeNetwork(file, network, {});
    const read = await readNetwork(file);
    expect(read.plan).toMatchObject(settings);
    expect(read).toEqual(network);
  });

  it("open a file of version 0.1.0, which notes genotype and filters alone, as the published network", async () => {
    const file = await writeChanged(({ notes: { genotype = "", filters = "" }, ...rest }) => ({
      ...rest,
      notes: { genotype, filters },
    }));
    expect((await readCheckpoint(file, ["network"])).notes).not.toHaveProperty("network");
    expect(await readNetwork(file)).toEqual(drawNetwork(SMALL_PLAN));
  });
});

describe("readNetwork refuses", () => {
  it("a file that is not there", async () => {
    await expectRefusal(join(await makeFolder(), "none.safetensors"), "not_found", /./);
  });

  it("a damaged file", async () => {
    const file = await writeSample();
    await writeFile(file, (await readFile(file)).subarray(0, -5));
    await expectRefusal(file, "bad_checkpoint", "data must have");
  });

  it("a file of another program", async () => {
    const file = await writeSample();
    await writeFile(file, encodeSafetensors(new Map(), { format: "pt" }));
    await expectRefusal(file, "bad_checkpoint", "must have the format hinas-tfjs, got pt");
  });

  it("a file of a newer version", async () => {
    const file = await writeSample();
    await rewriteMetadata(file, { version: "2" });
    await expectRefusal(file, "newer_version", "has version 2, this program reads up to 1");
  });

  it("the checkpoint of a search", async () => {
    const file = await writeChanged((checkpoint) => ({ ...checkpoint, kind: "search" }));
    await expectRefusal(file, "bad_checkpoint", "must be of the kind network or train, got search");
  });

  it("a file that lacks a filter", async () => {
    const file = await writeChanged((checkpoint) => ({
      ...checkpoint,
      tensors: new Map([...checkpoint.tensors].filter(([name]) => name !== "stem_2.conv")),
    }));
    await expectRefusal(file, "bad_checkpoint", `stem_2.conv must have ${3 * 3 * 64 * 64} numbers, got nothing`);
  });

  it("a filter of another size", async () => {
    const file = await writeChanged((checkpoint) => ({
      ...checkpoint,
      tensors: new Map([...checkpoint.tensors, ["stem_1.bn.mean", { shape: [63], data: new Float32Array(63) }]]),
    }));
    await expectRefusal(file, "bad_checkpoint", "stem_1.bn.mean must have 64 numbers, got 63");
  });

  it("whole numbers where a filter should be", async () => {
    const file = await writeChanged((checkpoint) => ({
      ...checkpoint,
      tensors: new Map([...checkpoint.tensors, ["stem_1.bn.mean", { shape: [64], data: new Int32Array(64) }]]),
    }));
    await expectRefusal(file, "bad_checkpoint", "stem_1.bn.mean must have 64 numbers");
  });

  it.each(["", "0", "2.5", "many"])("a number of filters that is %j", async (filters) => {
    const file = await writeChanged(({ notes: { genotype = "" }, ...rest }) => ({
      ...rest,
      notes: { genotype, filters },
    }));
    const message = `note network, filters, must have a network's settings, got filters ${filters}`;
    await expectRefusal(file, "bad_checkpoint", message);
  });

  it.each([
    [{ imageChannels: 2 }, "note network, imageChannels, must have a network's settings"],
    [{ unshuffle: 4 }, "note network, unshuffle, must have a network's settings"],
    [{ filters: 2, depth: 3 }, "note network must have a network's settings"],
  ])("a note of a network with %j", async (settings, message) => {
    const network = JSON.stringify(settings);
    const file = await writeChanged(({ notes, ...rest }) => ({ ...rest, notes: { ...notes, network } }));
    await expectRefusal(file, "bad_checkpoint", `${message}, got ${network}`);
  });

  it("a note of a network that is no JSON", async () => {
    const file = await writeChanged(({ notes, ...rest }) => ({ ...rest, notes: { ...notes, network: "3x" } }));
    await expectRefusal(file, "bad_checkpoint", "note network must have JSON, got 3x");
  });

  it("a genotype that is no JSON, and one of a newer version", async () => {
    const broken = await writeChanged(({ notes, ...rest }) => ({ ...rest, notes: { ...notes, genotype: "{" } }));
    await expectRefusal(broken, "bad_checkpoint", "note genotype must have JSON, got {");
    const newer = await writeChanged(({ notes, ...rest }) => ({
      ...rest,
      notes: { ...notes, genotype: JSON.stringify({ ...SMALL_PLAN.genotype, version: 99 }) },
    }));
    await expectRefusal(newer, "newer_version", "99");
  });
});

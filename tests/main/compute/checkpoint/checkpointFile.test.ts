import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import {
  areFinite,
  floatsOf,
  noteOf,
  readCheckpoint,
  stepOf,
  writeCheckpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import type { Checkpoint, CheckpointKind } from "#main/compute/checkpoint/checkpointFile.ts";
import { decodeSafetensors, encodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";

const SAMPLE: Checkpoint = {
  kind: "train",
  tensors: new Map([["w", { shape: [2], data: new Float32Array([1, 2]) }]]),
  notes: { step: "12", best: "null" },
};

async function writeSample(changes: Partial<Checkpoint> = {}): Promise<string> {
  const file = join(await makeFolder(), "last.safetensors");
  await writeCheckpoint(file, { ...SAMPLE, ...changes });
  return file;
}

/** Changes what the file says about itself; undefined takes a line out. */
async function rewrite(file: string, changes: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  const changed = Object.entries({ ...metadata, ...changes }).filter(
    (line): line is [string, string] => line[1] !== undefined,
  );
  await writeFile(file, encodeSafetensors(tensors, Object.fromEntries(changed)));
}

describe("writeCheckpoint and readCheckpoint", () => {
  it.each<CheckpointKind>(["search", "train", "network"])("give the tensors and notes of a %s back", async (kind) => {
    const { tensors, notes, ...rest } = await readCheckpoint(await writeSample({ kind }), [
      "search",
      "train",
      "network",
    ]);
    expect(rest).toEqual({ kind });
    expect(tensors).toEqual(SAMPLE.tensors);
    expect(notes).toMatchObject(SAMPLE.notes);
  });

  it("leave one whole file and nothing beside it", async () => {
    const folder = await makeFolder();
    for (const step of ["1", "2"]) {
      await writeCheckpoint(join(folder, "last.safetensors"), { ...SAMPLE, notes: { step } });
    }
    expect(await readdir(folder)).toEqual(["last.safetensors"]);
    const { notes } = await readCheckpoint(join(folder, "last.safetensors"), ["train"]);
    expect(notes["step"]).toBe("2");
  });

  it.each([
    ["of another format", { format: "pt" }, "must have the format hinas-tfjs, got pt"],
    ["of no format", { format: undefined }, "must have the format hinas-tfjs, got none"],
    ["of another kind", { kind: "search" }, "must be of the kind train or network, got search"],
    ["of no kind", { kind: undefined }, "must be of the kind train or network, got none"],
    ["of no version", { version: undefined }, "its version must have a whole number, got nothing"],
    ["of a garbled version", { version: "1e" }, "its version must have a whole number, got 1e"],
  ])("refuse a file %s", async (_what, changes, message) => {
    const file = await writeSample();
    await rewrite(file, changes);
    const refused = expect(readCheckpoint(file, ["train", "network"])).rejects;
    await refused.toMatchObject({ kind: "bad_checkpoint", message: expect.stringContaining(message) });
  });

  it("refuse a file of a newer version and say what to do", async () => {
    const file = await writeSample();
    await rewrite(file, { version: "7" });
    await expect(readCheckpoint(file, ["train"])).rejects.toMatchObject({
      kind: "newer_version",
      message: `checkpoint ${file} has version 7, this program reads up to 1; update it`,
    });
  });

  it("refuse a file that is not there", async () => {
    const file = join(await makeFolder(), "none.safetensors");
    await expect(readCheckpoint(file, ["train"])).rejects.toMatchObject({ kind: "not_found" });
  });

  it("refuse to write where there is no folder", async () => {
    const file = join(await makeFolder(), "nowhere", "last.safetensors");
    await expect(writeCheckpoint(file, SAMPLE)).rejects.toMatchObject({ name: "LabError" });
  });
});

describe("floatsOf", () => {
  it("gives a tensor's numbers, and refuses one that is missing or of another length", () => {
    expect([...floatsOf(SAMPLE, "f", "w", 2)]).toEqual([1, 2]);
    expect(() => floatsOf(SAMPLE, "f", "w", 3)).toThrow("checkpoint f: w must have 3 numbers, got 2");
    expect(() => floatsOf(SAMPLE, "f", "v", 3)).toThrow("checkpoint f: v must have 3 numbers, got nothing");
  });
});

describe("stepOf", () => {
  it.each([undefined, "", "-1", "2.5", "NaN", "many"])("refuses a step that is %j", (step) => {
    const notes = step === undefined ? {} : { step };
    expect(() => stepOf({ ...SAMPLE, notes }, "f")).toThrow("checkpoint f: note step must have a whole number");
  });

  it("gives the step", () => {
    expect(stepOf(SAMPLE, "f")).toBe(12);
  });
});

describe("noteOf", () => {
  const schema = z.object({ epoch: z.int() });

  it("gives what a note says", () => {
    expect(noteOf({ ...SAMPLE, notes: { place: '{"epoch":3}' } }, "f", "place", schema)).toEqual({ epoch: 3 });
  });

  it.each([
    [{}, "checkpoint f: note place must have JSON, got nothing"],
    [{ place: "three" }, "checkpoint f: note place must have JSON, got three"],
    [{ place: '{"epoch":"3"}' }, "checkpoint f: note place.epoch: Invalid input: expected number, received string"],
  ])("refuses %j", (notes, message) => {
    expect(() => noteOf({ ...SAMPLE, notes }, "f", "place", schema)).toThrow(message);
  });
});

describe("areFinite", () => {
  const tensorsWith = (...values: number[]) =>
    new Map([...SAMPLE.tensors, ["v", { shape: [values.length], data: new Float32Array(values) }] as const]);

  it.each([NaN, Infinity, -Infinity])("finds %d in any tensor", (value) => {
    expect(areFinite(tensorsWith(0, value, 1))).toBe(false);
  });

  it("takes every other number", () => {
    expect(areFinite(tensorsWith(0, -0, 3.4e38, 1e-45))).toBe(true);
  });
});

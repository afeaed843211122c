import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodeCheckpoint, encodeCheckpoint, readCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import { decodeSafetensors, encodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";
import { decodeNetwork, packNetwork, planNotes } from "#main/compute/network/networkFile.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { LabError } from "#shared/labError.ts";

import { drawNetwork, MIXED_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";

const NETWORK = drawNetwork(MIXED_PLAN);
const BYTES = encodeCheckpoint({
  kind: "network",
  tensors: packNetwork(NETWORK),
  notes: { step: "12", ...planNotes(MIXED_PLAN) },
});

/** The same file without the hash, as the first versions wrote it, with changes. */
function withoutHash(
  change: (content: ReturnType<typeof decodeSafetensors>) => void = () => undefined,
  bytes: Uint8Array = BYTES,
): Uint8Array {
  const content = decodeSafetensors(bytes, "file");
  const { sha256, ...metadata } = content.metadata;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  change(content);
  return encodeSafetensors(content.tensors, metadata);
}

describe("a damaged model or checkpoint", () => {
  it("is refused wherever bytes of it changed, or gives exactly what was written", () => {
    const random = createRandom(7, "test mutations");
    let refused = 0;
    for (let trial = 0; trial < 1_500; trial += 1) {
      const bytes = BYTES.slice();
      const changes = 1 + random.integer(4);
      for (let change = 0; change < changes; change += 1) {
        const place = random.integer(bytes.length);
        bytes[place] = random.integer(256);
      }
      try {
        expect(decodeNetwork(bytes, "file").network).toEqual(NETWORK);
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(1_450);
  });

  it.each(["0", "13"])("is refused where the note of its step was made %s", (step) => {
    const { tensors, metadata } = decodeSafetensors(BYTES, "file");
    const bytes = encodeSafetensors(tensors, { ...metadata, step });
    expect(() => decodeCheckpoint(bytes, "file", ["network"])).toThrow(
      /^checkpoint file is damaged: its content must have the SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}$/,
    );
  });

  it("is read where another program wrote the same content in another order", () => {
    const { tensors, metadata } = decodeSafetensors(BYTES, "file");
    const turned = encodeSafetensors(
      new Map([...tensors].reverse()),
      Object.fromEntries(Object.entries(metadata).reverse()),
    );
    expect(decodeNetwork(turned, "file").network).toEqual(NETWORK);
  });
});

describe("a file of the first versions, which has no hash", () => {
  it("is read", () => {
    expect(decodeNetwork(withoutHash(), "file").network).toEqual(NETWORK);
  });

  it.each([NaN, Infinity, -Infinity])("is refused with %d among its numbers", (bad) => {
    const bytes = withoutHash(({ tensors }) => [...tensors.values()][3]?.data.set([bad]));
    const refused = expect(() => decodeCheckpoint(bytes, "file", ["network"]));
    refused.toThrow(`must have finite numbers, got ${bad}`);
  });

  it("is refused with a variance below zero, of which there is no root", () => {
    const bytes = withoutHash(({ tensors }) => {
      const [variance] = [...tensors].find(([name]) => name.endsWith(".variance")) ?? [""];
      tensors.get(variance)?.data.set([-0.5]);
    });
    expect(() => decodeNetwork(bytes, "file")).toThrow("must have variances of 0 or more, got -0.5");
  });

  it("is refused before room is made for what it says it holds", () => {
    const { tensors, metadata } = decodeSafetensors(BYTES, "file");
    const plan = { ...MIXED_PLAN, filters: 1024, genotype: { ...MIXED_PLAN.genotype, widthFactors: [1, 1024] } };
    const notes = Object.fromEntries(
      Object.entries({ ...metadata, ...planNotes(plan) }).filter(([name]) => name !== "sha256"),
    );
    const bytes = encodeSafetensors(tensors, notes);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeNetwork(bytes, "file")).toThrow(/must have \d+ numbers, got \d+/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
});

describe("reading a checkpoint", () => {
  it("refuses a file that is too large to be one before it is read", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    await writeFile(file, BYTES);
    await truncate(file, 3 * 2 ** 30);
    await expect(readCheckpoint(file, ["network"])).rejects.toMatchObject({
      kind: "bad_data",
      message: `read ${file}: must have at most 2147483647 bytes, got 3221225472`,
    });
  });

  it.skipIf(process.platform === "win32")("refuses a pipe, which nobody may ever write into", async () => {
    const file = join(await makeFolder(), "last.safetensors");
    execFileSync("mkfifo", [file]);
    await expect(readCheckpoint(file, ["network"])).rejects.toThrow("must be a regular file, got a pipe or device");
  });
});

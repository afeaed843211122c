import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { decodeSafetensors } from "#main/compute/checkpoint/safetensors.ts";

import { REFERENCE_FOLDER, SEARCH_FOLDER } from "#tests/helpers/referenceFixtures.ts";

/** What the tests beside this one read. A folder that somebody named may hold more networks. */
const REFERENCE_FILES = [
  "genotypes.json",
  "losses.safetensors",
  "network_0.safetensors",
  "network_1.safetensors",
  "primitives.safetensors",
  "supercell.safetensors",
  "supernet.safetensors",
];

/** Numbers for second order, cells not shared and deformable convolution; tensors in each. */
const SEARCH_FILES: readonly (readonly [name: string, tensors: number])[] = [
  ["deformable.safetensors", 30],
  ["second_order.safetensors", 984],
  ["unshared.safetensors", 1023],
];

describe("the folder of reference numbers", () => {
  const files = readdirSync(REFERENCE_FOLDER);

  it("holds every file that a test reads", () => {
    expect(REFERENCE_FILES.filter((file) => !files.includes(file))).toEqual([]);
  });

  it("holds no file that no test reads", () => {
    const isNetwork = (file: string): boolean => /^network_\d+\.safetensors$/.test(file);
    expect(files.filter((file) => !REFERENCE_FILES.includes(file) && !isNetwork(file))).toEqual([]);
  });
});

describe("the folder of numbers for search methods", () => {
  it("holds the listed files and no others", () => {
    expect(readdirSync(SEARCH_FOLDER).toSorted()).toEqual(SEARCH_FILES.map(([name]) => name));
  });

  it.each(SEARCH_FILES)("holds %s whole: %d tensors of finite numbers and a note that explains them", (name, count) => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(join(SEARCH_FOLDER, name)), name);
    expect(tensors.size).toBe(count);
    expect([...tensors].filter(([, { data }]) => !data.every(Number.isFinite)).map(([tensor]) => tensor)).toEqual([]);
    expect(metadata["note"]).toMatch(/\w/);
  });
});

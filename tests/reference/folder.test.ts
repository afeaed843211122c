import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { HAS_REFERENCE, REFERENCE_FOLDER } from "#tests/helpers/referenceFixtures.ts";

/** What the tests beside this one read. */
const KNOWN = [
  /^genotypes\.json$/,
  /^losses\.safetensors$/,
  /^network_\d+\.safetensors$/,
  /^primitives\.safetensors$/,
  /^supercell\.safetensors$/,
  /^supernet\.safetensors$/,
];

describe.skipIf(!HAS_REFERENCE)(
  `the folder of reference numbers (skipped where ${REFERENCE_FOLDER} is missing)`,
  () => {
    const files = HAS_REFERENCE ? readdirSync(REFERENCE_FOLDER) : [];

    it("holds no file that no test reads", () => {
      expect(files.filter((file) => !KNOWN.some((pattern) => pattern.test(file)))).toEqual([]);
    });

    it("holds every kind of file that a test reads", () => {
      expect(KNOWN.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
    });
  },
);

import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { findReferenceFolder } from "#tests/helpers/referenceFixtures.ts";

describe("the folder of reference numbers", () => {
  it("is the repository's own unless another is named", () => {
    expect(findReferenceFolder(undefined)).toBe(resolve("tests/reference/fixtures/reference"));
    expect(findReferenceFolder("tests")).toBe(resolve("tests"));
  });

  it.each([resolve("no-such-folder"), resolve("package.json")])(
    "must be a folder where it is named, which %s is not",
    (folder) => {
      expect(() => findReferenceFolder(folder)).toThrow(`HINAS_REFERENCE_FIXTURES must name a folder, got ${folder}`);
    },
  );
});

import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { hasReference } from "#tests/helpers/referenceFixtures.ts";

const missing = resolve("no-such-folder");

describe("the folder of reference numbers", () => {
  it("may be missing where nobody named one", () => {
    expect(hasReference(missing, false)).toBe(false);
    expect(hasReference(resolve("tests"), true)).toBe(true);
  });

  it.each([missing, resolve("package.json")])("must be a folder where it was named, which %s is not", (folder) => {
    expect(() => hasReference(folder, true)).toThrow(`HINAS_REFERENCE_FIXTURES must name a folder, got ${folder}`);
  });
});

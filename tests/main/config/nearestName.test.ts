import { describe, expect, it } from "vitest";

import { findNearestName, findNearestPath } from "#main/config/nearestName.ts";

describe("findNearestName", () => {
  it("finds the name with the fewest edits", () => {
    expect(findNearestName("gausian", ["gamma", "gaussian", "paired"])).toBe("gaussian");
  });

  it("overlooks case", () => {
    expect(findNearestName("BATCHSIZE", ["patchSize", "batchSize"])).toBe("batchSize");
  });

  it("finds nothing where more than a third would have to change", () => {
    expect(findNearestName("wavelet", ["gaussian", "paired"])).toBeNull();
  });
});

describe("findNearestPath", () => {
  const known = ["seed", "search.epochs", "search.batchSize", "training.batchSize"];

  it("prefers a key of the same group", () => {
    expect(findNearestPath("training.batchsize", known)).toBe("training.batchSize");
  });

  it("finds the same key in another group", () => {
    expect(findNearestPath("training.epochs", known)).toBe("search.epochs");
  });

  it("finds a path whose group is misspelt", () => {
    expect(findNearestPath("serch.epoch", known)).toBe("search.epochs");
  });
});

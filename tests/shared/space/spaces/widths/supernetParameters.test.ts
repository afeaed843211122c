import { describe, expect, it } from "vitest";

import { ENGINE_MB } from "#shared/space/graph/memoryModel.ts";
import { countParameters } from "#shared/space/graph/parameters.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { supernetCost, supernetMemoryMb, supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";

describe("cost of a supernet", () => {
  it("is 1.475 million weights for the journal space", () => {
    expect(supernetCost(searchSpaceSchema.parse({})).parameters).toBe(1_475_357);
  });

  it("counts one layer at one width as worked out by hand", () => {
    const space = searchSpaceSchema.parse({
      layers: 1,
      nodes: 1,
      filters: 2,
      widthFactors: [1],
      primitives: ["conv_3x3", "sep_conv_3x3", "none"],
    });
    const stem = 9 * 64 + 2 * (9 * 64 * 2);
    const router = 2 * 2;
    const mixedOps = 2 * (9 * 4 + 2 * (9 * 2 + 4));
    const decoder = 4 + (9 * 2 + 4 + 4 + 4) + 8 + 9 * 4 + 9 * 2 + 1;
    expect(supernetCost(space)).toEqual({
      parameters: stem + router + mixedOps + decoder,
      multiplyAddsPerPixel: stem + router + mixedOps + decoder - (4 + 4) - 1,
    });
  });

  it("counts the same at half resolution with colour and a noise map, at a quarter of the pixels", () => {
    const sizes = { layers: 1, nodes: 1, filters: 2, widthFactors: [1], primitives: ["conv_3x3"] };
    const frame = { imageChannels: 3, noiseMap: true, unshuffle: 2, stemChannels: 6 };
    const space = searchSpaceSchema.parse({ ...sizes, ...frame });
    const stem = 9 * 16 * 6 + 2 * (9 * 6 * 2);
    const cell = 2 * 2 + 2 * (9 * 4);
    const decoder = 4 + (9 * 2 + 4 + 4 + 4) + 8 + 9 * 4 + 9 * 2 * 12 + 12;
    expect(supernetCost(space)).toEqual({
      parameters: stem + cell + decoder,
      multiplyAddsPerPixel: (stem + cell + decoder - (4 + 4) - 12) / 4,
    });
  });
});

describe("supernetParameters", () => {
  it("names each parameter once and keeps the published ones whatever the output", () => {
    const specs = supernetParameters(searchSpaceSchema.parse({}));
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    expect(supernetParameters(searchSpaceSchema.parse({ output: "sigmoid" }))).toEqual(specs);
    expect(countParameters(specs)).toBe(1_475_357);
  });
});

/** Resident memory of a search at the published settings, batches of 6 patches of 64 pixels, as measured. */
const MEASURED_MB = 2700;

describe("supernetMemoryMb", () => {
  it("comes within a factor of one and a half of what the published search was measured to hold", () => {
    const estimate = supernetMemoryMb(searchSpaceSchema.parse({}), false, 6 * 64 * 64);
    expect(estimate).toBeGreaterThan(MEASURED_MB / 1.5);
    expect(estimate).toBeLessThan(MEASURED_MB * 1.5);
  });

  it("counts one layer at one width as worked out by hand", () => {
    const sizes = { layers: 1, nodes: 1, filters: 2, widthFactors: [1], stemChannels: 6 };
    const space = searchSpaceSchema.parse({ ...sizes, primitives: ["conv_3x3", "skip_connect", "none"] });
    const [stem, router, ops, node, decoder] = [6 + 2 + 2, 2, 2 * 2 * 2, 2, 4 * 2 + 2];
    const bytes = 3 * 4 * (stem + router + ops + node + decoder);
    for (const recompute of [false, true]) {
      expect(supernetMemoryMb(space, recompute, 1e6)).toBeCloseTo(ENGINE_MB + bytes, 6);
    }
  });

  it("asks for less when cells are computed again, and for a quarter of the values at half resolution", () => {
    const [full, half] = [1, 2].map((unshuffle) => searchSpaceSchema.parse({ unshuffle }));
    const pixels = 6 * 64 * 64;
    const [engine, remembered] = [supernetMemoryMb(full!, false, 0), supernetMemoryMb(full!, false, pixels)];
    expect(supernetMemoryMb(full!, true, pixels)).toBeLessThan(remembered / 2);
    expect(supernetMemoryMb(half!, false, pixels) - engine).toBeCloseTo((remembered - engine) / 4, 6);
  });
});

import { describe, expect, it } from "vitest";

import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { ENGINE_MB } from "#shared/space/graph/memoryModel.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const space = searchSpaceSchema.parse({
  ...{ kind: "resolutions", layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], stemChannels: 4 },
  primitives: ["conv_3x3", "skip_connect", "none"],
});
const outer = outerSpaceOf(space);

describe("the supernet of resolutions", () => {
  it("counts two layers at two levels as worked out by hand", () => {
    const stem = 9 * 4 + 9 * 4 * 2 + 9 * 4 * 2;
    /** A convolution on each of two edges. */
    const cell = (channels: number): number => 2 * 9 * channels ** 2;
    // Ways into the first layer: along the finest level, and down in blocks of four pixels, of the older input as well.
    const first = { fine: 2 * 2 + cell(2), coarse: 2 * (4 * 2 * 4) + cell(4) };
    // Into the second: from both levels to both.
    const second = { fine: 2 * 2 + cell(2), up: 4 * 2, coarse: 4 * 2 * 4 + 4 * 4 + cell(4) };
    const decoder = { fine: 2 * 2, coarse: 4 * 2, whole: 9 * 4 * 2 + 9 * 2 };
    const fine = stem + first.fine + second.fine + decoder.fine + decoder.whole;
    const coarse = first.coarse + second.up + second.coarse + decoder.coarse;
    expect(outer.cost(space)).toEqual({ parameters: fine + coarse + 1, multiplyAddsPerPixel: fine + coarse / 4 });
  });

  it("names each parameter once, and takes pictures whose sides are multiples of the largest stride", () => {
    const names = outer.parameters(searchSpaceSchema.parse({ kind: "resolutions" })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(outer.blockPx(space)).toBe(2);
    expect(outer.blockPx(searchSpaceSchema.parse({ kind: "resolutions", layers: 5, unshuffle: 2 }))).toBe(8);
  });

  it("asks for less memory when cells are computed again", () => {
    const pixels = 6 * 64 * 64;
    expect(outer.memoryMb(space, true, pixels)).toBeLessThan(outer.memoryMb(space, false, pixels));
    expect(outer.memoryMb(space, false, 0)).toBe(ENGINE_MB);
  });

  it("derives a path whose levels are strides, which the edge of the trellis does not draw to itself", () => {
    const alpha = [0, 1].map(() => [[1, 0, 0], [0, 1, 0]]); // prettier-ignore
    const primitives = ["conv_3x3", "skip_connect", "none"] as const;
    // From the stem both ways are alike; from the coarse level the way on is a little stronger than all others.
    const beta = [[-50, 0, 0], [-50, 0, 0], [0, 0.1, -50]]; // prettier-ignore
    const genotype = deriveGenotype({ primitives, alpha, beta }, [1, 2], "resolutions");
    expect(genotype).toMatchObject({ schema: "hinas.resolutions", widthFactors: [1, 2], widthPath: [1, 1] });
  });

  it("has no more than six levels", () => {
    const wide = { kind: "resolutions", widthFactors: [1, 2, 3, 4, 5, 6, 7] };
    expect(() => searchSpaceSchema.parse(wide)).toThrow("must have at most 6 entries for resolutions");
  });
});

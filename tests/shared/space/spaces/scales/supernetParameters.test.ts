import { describe, expect, it } from "vitest";

import { ENGINE_MB } from "#shared/space/graph/memoryModel.ts";
import { supernetCells } from "#shared/space/spaces/scales/supernetCells.ts";
import { supernetCost, supernetMemoryMb, supernetParameters } from "#shared/space/spaces/scales/supernetParameters.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const sizes = { kind: "scales", layers: 3, nodes: 1, filters: 2, widthFactors: [1], stemChannels: 4 };
const space = searchSpaceSchema.parse({
  ...sizes,
  ...{ primitives: ["conv_3x3", "skip_connect", "none"], noiseMap: true, unshuffle: 2 },
});

describe("the supernet of a U", () => {
  it("counts two scales at one width as worked out by hand", () => {
    /** Two filters that scale the inputs, a convolution on each of two edges, and the way back to the stream. */
    const cell = (channels: number, stream: number): number => 3 * stream * channels + 2 * 9 * channels ** 2;
    const [stem, output] = [9 * 8 * 4, 9 * 4 * 4];
    const [down, up] = [16 * 8, 8 * 16];
    const biases = 4 + 8 + 16 + 4;
    const filters = stem + cell(2, 4) + down + cell(4, 8) + up + cell(2, 4) + output;
    const perPixel = stem + cell(2, 4) + (down + cell(4, 8) + up) / 4 + cell(2, 4) + output;
    expect(supernetCost(space)).toEqual({ parameters: filters + biases, multiplyAddsPerPixel: perPixel / 4 });
  });

  it("has a cell for each width level at each place, with channels by level and scale", () => {
    const cells = supernetCells(searchSpaceSchema.parse({ ...sizes, widthFactors: [1, 2.5] }));
    expect(cells.map(({ prefix, channels }) => [prefix, channels])).toEqual([
      ["cell.layer_0.width_0", 2],
      ["cell.layer_0.width_1", 5],
      ["cell.layer_1.width_0", 4],
      ["cell.layer_1.width_1", 10],
      ["cell.layer_2.width_0", 2],
      ["cell.layer_2.width_1", 5],
    ]);
  });

  it("names each parameter once", () => {
    const names = supernetParameters(searchSpaceSchema.parse({ kind: "scales", layers: 5 })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("asks for less memory when cells are computed again, and for a quarter of the values at half resolution", () => {
    const [full, half] = [1, 2].map((unshuffle) => searchSpaceSchema.parse({ kind: "scales", unshuffle }));
    const pixels = 6 * 64 * 64;
    const remembered = supernetMemoryMb(full!, false, pixels);
    expect(supernetMemoryMb(full!, false, 0)).toBe(ENGINE_MB);
    expect(supernetMemoryMb(full!, true, pixels)).toBeLessThan(remembered);
    expect(supernetMemoryMb(half!, false, pixels) - ENGINE_MB).toBeCloseTo((remembered - ENGINE_MB) / 4, 6);
  });
});

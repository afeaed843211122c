import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import { type ChainLayer, makeChain, parseGenotype } from "#shared/space/spaces/chain/genotype.ts";

const layer: ChainLayer = { primitive: "conv_3x3", widthLevel: 0, dilation: 1, skipFrom: null };
const chain = (...layers: object[]) => ({ ...makeChain([1, 2], []), layers });

describe("the genotype of a chain", () => {
  it("takes a skip from the stem and from every layer before", () => {
    const genotype = chain(layer, { ...layer, skipFrom: "stem" }, { ...layer, skipFrom: "layer_1" });
    expect(parseGenotype(genotype, "a.json")).toEqual(genotype);
  });

  it.each<[string, object, string]>([
    [
      "a skip from itself",
      chain({ ...layer, skipFrom: "layer_0" }),
      'layers[0].skipFrom must be null or a value before the layer (stem), got "layer_0"',
    ],
    [
      "a skip from later on",
      chain(layer, { ...layer, skipFrom: "layer_7" }),
      'layers[1].skipFrom must be null or a value before the layer (stem, layer_0), got "layer_7"',
    ],
    [
      "a skip from nowhere",
      chain({ ...layer, skipFrom: "s0" }),
      'layers[0].skipFrom must be null, stem, layer_0, layer_1, ..., got "s0"',
    ],
    [
      "an unknown width level",
      chain({ ...layer, widthLevel: 2 }),
      "layers[0].widthLevel must be below 2 (the width factors), got 2",
    ],
    [
      "a primitive that computes nothing",
      chain({ ...layer, primitive: "none" }),
      'layers[0].primitive must be one of conv_3x3, sep_conv_3x3, sep_conv_5x5, def_conv_3x3, got "none"',
    ],
    ["a dilation of nothing", chain({ ...layer, dilation: 0 }), "layers[0].dilation must be at least 1, got 0"],
    ["no layer", chain(), "layers must hold at least 1, got []"],
    ["an unknown key", { ...chain(layer), cells: [] }, "the genotype must not have the key cells"],
  ])("is refused with %s, said in place, expectation and value", (_, value, message) => {
    const read = () => parseGenotype(value, "a.json");
    expect(read).toThrow(LabError);
    expect(read).toThrow(`a.json: ${message}`);
  });

  it("is refused where a newer program wrote it", () => {
    const read = () => parseGenotype({ ...chain(layer), version: 2 }, "a.json");
    expect(read).toThrow(expect.objectContaining({ kind: "newer_version" }));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { networkCost, supernetCost } from "#shared/space/graph/costModel.ts";
import type { Genotype, StateName } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { marginsOf, receptiveFieldPx } from "#shared/space/graph/receptiveField.ts";
import { searchSpaceSchema } from "#shared/space/spaces/widths/searchSpace.ts";

import { genotypes } from "#tests/shared/space/arbitraries.ts";

/** Four nodes per cell and the same primitive everywhere, as in the figures the papers' code implies. */
function uniformGenotype(primitive: Primitive, widthPath: readonly number[]): Genotype {
  const node = [
    { from: "s0", primitive },
    { from: "s1", primitive },
  ] as const;
  const cells = widthPath.map(() => ({ nodes: [node, node, node, node] }));
  return { schema: "hinas.genotype", version: 1, widthFactors: [1, 1.5, 2], cells, widthPath };
}

const REACH: Record<Primitive, number> = {
  conv_3x3: 1,
  sep_conv_3x3: 1 + 1,
  sep_conv_5x5: 2 + 2,
  dil_conv_3x3: 2,
  dil_conv_5x5: 4,
  skip_connect: 0,
  none: 0,
};

/** The farthest reach of a state of a layer, by walking every way back to the noisy picture. */
function walkBack({ cells }: Genotype, layer: number, state: StateName): number {
  if (state === "s0" || state === "s1") {
    const source = layer - (state === "s0" ? 1 : 2);
    if (source < 0) return source === -1 ? 2 : 1;
    return walkLayer({ cells } as Genotype, source);
  }
  const edges = cells[layer]?.nodes[Number(state.slice(5))] ?? [];
  return Math.max(
    ...edges.map(({ from, primitive }) => walkBack({ cells } as Genotype, layer, from) + REACH[primitive]),
  );
}

function walkLayer(genotype: Genotype, layer: number): number {
  const nodes = genotype.cells[layer]?.nodes ?? [];
  return Math.max(...nodes.map((_, node) => walkBack(genotype, layer, `node_${node}`)));
}

describe("cost of a final network", () => {
  it.each<[Primitive, number[], number]>([
    ["sep_conv_3x3", [0, 1, 1], 0.21],
    ["conv_3x3", [0, 1, 1], 0.32],
    ["dil_conv_5x5", [0, 1, 1], 0.6],
    ["conv_3x3", [1, 2, 2], 0.47],
  ])("has the published millions of parameters for %s on path %j at 20 filters", (primitive, path, millions) => {
    const { parameters } = networkCost(uniformGenotype(primitive, path), 20, { channels: 1 });
    expect(parameters / 1e6).toBeCloseTo(millions, 2);
  });

  it("counts a one-layer network as worked out by hand", () => {
    const genotype: Genotype = {
      schema: "hinas.genotype",
      version: 1,
      widthFactors: [1],
      widthPath: [0],
      cells: [
        {
          nodes: [
            [
              { from: "s1", primitive: "sep_conv_5x5" },
              { from: "s0", primitive: "skip_connect" },
            ],
          ],
        },
      ],
    };
    const { layers } = networkCost(genotype, 2, { channels: 3 });
    expect(layers).toEqual([
      { name: "stem_1", parameters: 9 * 3 * 64 + 128, multiplyAddsPerPixel: 9 * 3 * 64 },
      { name: "stem_2", parameters: 9 * 64 * 64 + 128, multiplyAddsPerPixel: 9 * 64 * 64 },
      { name: "endpoint_reduce", parameters: 9 * 64 * 2, multiplyAddsPerPixel: 9 * 64 * 2 },
      {
        name: "layer_0",
        parameters: 2 * (64 * 2 + 4) + 2 * (25 * 2 + 2 * 2 + 4),
        multiplyAddsPerPixel: 2 * 64 * 2 + 2 * (25 * 2 + 2 * 2),
      },
      {
        name: "decoder",
        parameters:
          2 * 48 +
          96 +
          2 * 128 +
          256 +
          (9 * 176 + 352 + 176 * 128 + 256) +
          (9 * 128 + 256 + 128 * 128 + 256) +
          9 * 128 * 3 +
          3,
        multiplyAddsPerPixel: 2 * 48 + 2 * 128 + 9 * 176 + 176 * 128 + 9 * 128 + 128 * 128 + 9 * 128 * 3,
      },
    ]);
  });

  it("is the sum of its parts", () => {
    fc.assert(
      fc.property(genotypes, fc.integer({ min: 1, max: 40 }), (genotype, filters) => {
        const { parameters, multiplyAddsPerPixel, layers } = networkCost(genotype, filters, { channels: 1 });
        expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
        expect(layers.reduce((sum, layer) => sum + layer.multiplyAddsPerPixel, 0)).toBe(multiplyAddsPerPixel);
      }),
    );
  });

  it("spends no multiply-adds on the reduced stem where a layer is read instead", () => {
    const costOfReduce = (path: number[]): unknown =>
      networkCost(uniformGenotype("conv_3x3", path), 20, { channels: 1 }).layers.find(
        ({ name }) => name === "endpoint_reduce",
      );
    expect(costOfReduce([0, 1, 1])).toMatchObject({ parameters: 46_080, multiplyAddsPerPixel: 0 });
    expect(costOfReduce([1, 2, 2])).toMatchObject({ parameters: 46_080, multiplyAddsPerPixel: 46_080 });
  });
});

describe("receptive field", () => {
  it("reaches as far as the longest way back to the noisy picture", () => {
    fc.assert(
      fc.property(
        genotypes.filter(({ cells }) => cells.length <= 3),
        (genotype) => {
          const last = genotype.widthPath.length - 1;
          const endpoint = genotype.widthPath.lastIndexOf(0);
          const skip = endpoint === -1 || endpoint === last ? 3 : walkLayer(genotype, endpoint);
          expect(receptiveFieldPx(genotype)).toBe(2 * (Math.max(walkLayer(genotype, last), skip) + 3) + 1);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("shrinks from layer to layer, down to what the decoder needs", () => {
    fc.assert(
      fc.property(genotypes, (genotype) => {
        const { input, layers, decoder } = marginsOf(genotype);
        const stages = [input, ...layers, decoder];
        expect(layers.length).toBe(genotype.cells.length);
        expect(stages).toEqual([...stages].sort((a, b) => b - a));
        expect(decoder).toBe(3);
      }),
    );
    const chain = uniformGenotype("conv_3x3", [0, 0, 0]);
    expect(marginsOf(chain)).toEqual({ input: 8, layers: [6, 5, 4], decoder: 3 });
  });

  it("counts the way over s1 from the layer before the previous one where that is the longer one", () => {
    const skips = [
      { from: "s0", primitive: "skip_connect" },
      { from: "s1", primitive: "skip_connect" },
    ] as const;
    const farOverS1 = [
      { from: "s0", primitive: "skip_connect" },
      { from: "s1", primitive: "dil_conv_5x5" },
    ] as const;
    const genotype = (nodes: Genotype["cells"][number]["nodes"][]): Genotype => ({
      ...uniformGenotype(
        "conv_3x3",
        nodes.map(() => 1),
      ),
      cells: nodes.map((node) => ({ nodes: node })),
    });
    expect(receptiveFieldPx(genotype([[farOverS1], [skips], [farOverS1]]))).toBe(2 * (1 + 4 + 4 + 3) + 1);
    expect(receptiveFieldPx(genotype([[skips], [farOverS1]]))).toBe(2 * (2 + 4 + 3) + 1);
  });

  it("is 17 pixels for three layers of plain 3x3 convolutions in a chain of single nodes", () => {
    const cell = {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
      ],
    } as const;
    const genotype = { ...uniformGenotype("conv_3x3", [1, 1, 1]), cells: [cell, cell, cell] };
    expect(receptiveFieldPx(genotype)).toBe(2 * (2 + 3 + 3) + 1);
  });
});

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
});

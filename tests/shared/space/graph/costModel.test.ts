import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { type NetworkCost, networkCost } from "#shared/space/graph/costModel.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { genotypes, rowPlans, scalesPlans, uniformGenotype } from "#tests/shared/space/arbitraries.ts";

/** The cost of a network with the published frame. */
function costOf(genotype: Genotype, filters: number): NetworkCost {
  return networkCost(buildNetworkGraph(planNetwork(genotype, { filters })));
}

/** One node that goes through a separable convolution and a skip. */
const ONE_LAYER: Genotype = {
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

describe("cost of a final network", () => {
  it.each<[Primitive, number[], number]>([
    ["sep_conv_3x3", [0, 1, 1], 0.21],
    ["conv_3x3", [0, 1, 1], 0.32],
    ["dil_conv_5x5", [0, 1, 1], 0.6],
    ["conv_3x3", [1, 2, 2], 0.47],
  ])("has the published millions of parameters for %s on path %j at 20 filters", (primitive, path, millions) => {
    const { parameters } = costOf(uniformGenotype(primitive, path), 20);
    expect(parameters / 1e6).toBeCloseTo(millions, 2);
  });

  it("counts a one-layer network as worked out by hand", () => {
    const { parts } = networkCost(buildNetworkGraph(planNetwork(ONE_LAYER, { filters: 2, imageChannels: 3 })));
    expect(parts).toEqual([
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

  it("counts a one-layer colour network with a noise map at half resolution as worked out by hand", () => {
    const frame = { imageChannels: 3, noiseMap: true, unshuffle: 2 } as const;
    const sizes = { filters: 2, stemChannels: 8, endpointChannels: 5, decoderChannels: 6 };
    const { parts } = networkCost(buildNetworkGraph(planNetwork(ONE_LAYER, { ...frame, ...sizes })));
    // Four pixels of four planes are the channels of the door, and each filter runs at a quarter of the pixels.
    const [door, stem, reduce] = [9 * 16 * 8, 9 * 8 * 8, 9 * 8 * 2];
    const layer = 2 * 8 * 2 + 2 * (25 * 2 + 2 * 2);
    const decoder = 2 * 5 + 2 * 6 + 9 * 11 + 11 * 6 + 9 * 6 + 6 * 6 + 9 * 6 * 12;
    expect(parts).toEqual([
      { name: "stem_1", parameters: door + 16, multiplyAddsPerPixel: door / 4 },
      { name: "stem_2", parameters: stem + 16, multiplyAddsPerPixel: stem / 4 },
      { name: "endpoint_reduce", parameters: reduce, multiplyAddsPerPixel: reduce / 4 },
      { name: "layer_0", parameters: layer + 2 * 4 + 2 * 4, multiplyAddsPerPixel: layer / 4 },
      {
        name: "decoder",
        parameters: decoder + 10 + 12 + 22 + 12 + 12 + 12 + 12,
        multiplyAddsPerPixel: decoder / 4,
      },
    ]);
  });

  it("counts the numbers in all shapes, and a multiply-add for each number of a filter that runs at a pixel", () => {
    fc.assert(
      fc.property(rowPlans, (plan) => {
        const graph = buildNetworkGraph(plan);
        const { parameters, multiplyAddsPerPixel } = networkCost(graph);
        const sizes = graphParameters(graph).map(({ name, shape }) => ({
          name,
          isFilter: shape.length === 4,
          size: shape.reduce((product, side) => product * side, 1),
        }));
        const total = (of: typeof sizes): number => of.reduce((sum, { size }) => sum + size, 0);
        expect(parameters).toBe(total(sizes));
        const isReduceRead = !plan.genotype.widthPath.slice(0, -1).includes(0) || plan.genotype.widthPath.at(-1) === 0;
        const run = sizes.filter(({ name, isFilter }) => isFilter && (isReduceRead || name !== "endpoint_reduce.conv"));
        expect(multiplyAddsPerPixel).toBeCloseTo(total(run) / plan.unshuffle ** 2, 6);
      }),
      { numRuns: 60 },
    );
  });

  it("counts the filters of a U at the resolution of their place, and the way up at that of where it comes from", () => {
    fc.assert(
      fc.property(scalesPlans, (plan) => {
        const graph = buildNetworkGraph(plan);
        const last = plan.genotype.cells.length - 1;
        const perPixel = graphParameters(graph).map(({ name, shape }) => {
          const layer = Number(/^layer_(\d+)/.exec(name)?.[1] ?? 0);
          const halvings = Math.min(layer, last - layer) + (name.endsWith(".up.conv") ? 1 : 0);
          const size = shape.length === 4 ? shape.reduce((product, side) => product * side, 1) : 0;
          return size / (plan.unshuffle * 2 ** halvings) ** 2;
        });
        const { multiplyAddsPerPixel } = networkCost(graph);
        expect(multiplyAddsPerPixel).toBeCloseTo(
          perPixel.reduce((sum, each) => sum + each, 0),
          6,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is the sum of its parts", () => {
    fc.assert(
      fc.property(genotypes, fc.integer({ min: 1, max: 40 }), (genotype, filters) => {
        const { parameters, multiplyAddsPerPixel, parts } = costOf(genotype, filters);
        expect(parts.reduce((sum, part) => sum + part.parameters, 0)).toBe(parameters);
        expect(parts.reduce((sum, part) => sum + part.multiplyAddsPerPixel, 0)).toBe(multiplyAddsPerPixel);
      }),
    );
  });

  it("spends no multiply-adds on the reduced stem where a layer is read instead", () => {
    const costOfReduce = (path: number[]): unknown =>
      costOf(uniformGenotype("conv_3x3", path), 20).parts.find(({ name }) => name === "endpoint_reduce");
    expect(costOfReduce([0, 1, 1])).toMatchObject({ parameters: 46_080, multiplyAddsPerPixel: 0 });
    expect(costOfReduce([1, 2, 2])).toMatchObject({ parameters: 46_080, multiplyAddsPerPixel: 46_080 });
  });
});

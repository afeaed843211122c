import { initialiseParameters, layParameters } from "#main/compute/layers/parameters.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Genotype, GenotypeCell } from "#shared/space/cells/genotype.ts";
import { graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { sizeOfShape } from "#shared/space/graph/parameters.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

/** Every primitive but the deformable one, a node that reads a node, both width levels, and an endpoint that is not the last layer. */
export const MIXED_GENOTYPE: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 1.5],
  widthPath: [0, 1],
  cells: [
    {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "sep_conv_3x3" },
        ],
        [
          { from: "node_0", primitive: "dil_conv_3x3" },
          { from: "s0", primitive: "skip_connect" },
        ],
      ],
    },
    {
      nodes: [
        [
          { from: "s1", primitive: "dil_conv_5x5" },
          { from: "s0", primitive: "skip_connect" },
        ],
        [
          { from: "node_0", primitive: "skip_connect" },
          { from: "s1", primitive: "sep_conv_5x5" },
        ],
      ],
    },
  ],
};

export const MIXED_PLAN = planNetwork(MIXED_GENOTYPE, { filters: 2 });

const DEFORMABLE_CELL: GenotypeCell = {
  nodes: [
    [
      { from: "s0", primitive: "def_conv_3x3" },
      { from: "s1", primitive: "def_conv_3x3" },
    ],
    [
      { from: "node_0", primitive: "def_conv_3x3" },
      { from: "s0", primitive: "skip_connect" },
    ],
  ],
};

/** Deformable filters that come after one another, on one channel group and on two. */
export const DEFORMABLE_PLAN = planNetwork(
  { ...MIXED_GENOTYPE, cells: [DEFORMABLE_CELL, DEFORMABLE_CELL] },
  { filters: 2, offsetLimitPx: 3 },
);

/** A U of two scales with all that a cell can hold, on one width level or the other. */
export const U_GENOTYPE: Genotype = {
  schema: "hinas.scales",
  version: 1,
  widthFactors: [1, 1.5],
  widthPath: [1, 0, 1],
  cells: [...MIXED_GENOTYPE.cells, ...MIXED_GENOTYPE.cells.slice(0, 1)],
};

/** One layer with one node: the smallest halo. */
const SMALL_GENOTYPE: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1],
  widthPath: [0],
  cells: [
    {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
      ],
    },
  ],
};

export const SMALL_PLAN = planNetwork(SMALL_GENOTYPE, { filters: 2 });

/** Every setting of the frame away from the published one, by itself and all together. */
export const FRAMES = [
  { imageChannels: 3 },
  { noiseMap: true },
  { unshuffle: 2 },
  { imageChannels: 3, noiseMap: true, unshuffle: 2 },
] as const;

/** A network as training might leave it: no scale, shift or running statistic is where it started. */
export function drawNetwork(plan: AnyNetworkPlan, seed = 1): TrainedNetwork {
  const random = createRandom(seed, "test network");
  const graph = buildNetworkGraph(plan);
  const filters = initialiseParameters(graphParameters(graph), seed);
  const offsets = layParameters(graphParameters(graph), ({ name, shape }) =>
    Array.from({ length: sizeOfShape(shape) }, () =>
      /\.(gamma|beta|bias)$|offsets\.conv$/.test(name) ? 0.1 * random.gaussian() : 0,
    ),
  );
  const statistics = layParameters(graphStatistics(graph), ({ name, shape }) =>
    Array.from({ length: sizeOfShape(shape) }, () =>
      name.endsWith(".variance") ? 0.5 + random.uniform() : 0.2 * random.gaussian(),
    ),
  );
  return { plan, parameters: filters.map((value, index) => value + (offsets[index] ?? 0)), statistics };
}

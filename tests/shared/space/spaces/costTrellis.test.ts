import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRandom } from "#shared/random/createRandom.ts";
import { edgesOf } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { MULTIPLY_ADD_PRICES } from "#shared/space/graph/prices.ts";
import { type CostTrellis, type CostWeights, expectCost } from "#shared/space/spaces/costTrellis.ts";
import { costTrellisOf } from "#shared/space/spaces/costTrellises.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { MOVE_STEPS, MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

import { pointAt } from "#tests/helpers/pointedWeights.ts";
import { genotypes, rowGenotypes } from "#tests/shared/space/arbitraries.ts";

const trellisOf = (space: SearchSpace): CostTrellis => costTrellisOf(space, MULTIPLY_ADD_PRICES);

const countNetwork = (genotype: Genotype, space: SearchSpace): number =>
  networkCost(buildNetworkGraph(planCandidate(genotype, space))).multiplyAddsPerPixel;

/** A space that the genotype is of, with a frame. */
const cases = fc.tuple(
  fc.oneof(
    genotypes,
    rowGenotypes.map((genotype): Genotype => ({ ...genotype, schema: "hinas.resolutions" })),
  ),
  fc.record({
    filters: fc.integer({ min: 1, max: 5 }),
    imageChannels: fc.constantFrom(1 as const, 3 as const),
    noiseMap: fc.boolean(),
    unshuffle: fc.constantFrom(1 as const, 2 as const),
    stemChannels: fc.integer({ min: 1, max: 9 }),
    cellSharing: fc.boolean(),
  }),
);

function spaceOf({ schema, cells, widthFactors }: Genotype, frame: object): SearchSpace {
  const kind = schema === "hinas.genotype" ? "widths" : schema.slice("hinas.".length);
  const nodes = cells[0]?.nodes.length;
  const apart = kind === "scales" ? { cellSharing: true } : {};
  const primitives = [...PRIMITIVES];
  return searchSpaceSchema.parse({ ...frame, ...apart, kind, layers: cells.length, nodes, widthFactors, primitives });
}

/** Weights as a search has them after a while. */
function drawWeights(space: SearchSpace, seed: number): CostWeights {
  const random = createRandom(seed, "cost weights");
  const row = (length: number): number[] => softmax(Array.from({ length }, () => random.gaussian()));
  const op = Array.from({ length: space.layers }, () => edgesOf(space.nodes).map(() => row(space.primitives.length)));
  const move = outerSpaceOf(space)
    .possible(space)
    .map((possible) => softmax(possible.map((isPossible) => (isPossible ? random.gaussian() : -50))));
  return { op, move };
}

/** Every network of a space whose nodes read two states each, with its probability. */
function listNetworks(space: SearchSpace, { op, move }: CostWeights): { genotype: Genotype; chance: number }[] {
  let networks: { genotype: Genotype; chance: number }[] = [
    {
      genotype: {
        schema: outerSpaceOf(space).schema,
        version: 1,
        widthFactors: space.widthFactors,
        cells: [],
        widthPath: [],
      },
      chance: 1,
    },
  ];
  for (let layer = 0; layer < space.layers; layer++) {
    networks = networks.flatMap(({ genotype, chance }) =>
      space.primitives.flatMap((first, i) =>
        space.primitives.flatMap((second, j) =>
          space.widthFactors.flatMap((_, level) => {
            const edges = [{ from: "s1", primitive: first } as const, { from: "s0", primitive: second } as const];
            const weight = moveWeight(space, move, genotype.widthPath, level);
            const cells = [...genotype.cells, { nodes: [edges] }];
            const drawn = (op[layer]?.[0]?.[i] ?? NaN) * (op[layer]?.[1]?.[j] ?? NaN) * weight;
            const widthPath = [...genotype.widthPath, level];
            return weight === 0 ? [] : [{ genotype: { ...genotype, cells, widthPath }, chance: chance * drawn }];
          }),
        ),
      ),
    );
  }
  return networks;
}

function moveWeight(space: SearchSpace, move: CostWeights["move"], path: readonly number[], level: number): number {
  if (space.kind === "scales") return move[path.length]?.[level] ?? NaN;
  const before = path.at(-1) ?? 0;
  const column = MOVES.findIndex((name) => before + MOVE_STEPS[name] === level);
  const row = routersOf(space).findIndex((router) => router.layer === path.length && router.level === before);
  return column === -1 ? 0 : (move[row]?.[column] ?? NaN);
}

describe("the expected multiply-adds", () => {
  it("are those of the one network that all weights point at", () => {
    fc.assert(
      fc.property(cases, ([genotype, frame]) => {
        const space = spaceOf(genotype, frame);
        const { value } = expectCost(trellisOf(space), pointAt(genotype, space));
        expect(value / countNetwork(genotype, space)).toBeCloseTo(1, 9);
      }),
      { numRuns: 120 },
    );
  });

  it.each([
    { layers: 3, widthFactors: [1, 2, 3] },
    { layers: 3, widthFactors: [1, 2, 3], cellSharing: false },
    { layers: 3, widthFactors: [1, 2], kind: "scales", unshuffle: 2 },
    { layers: 3, widthFactors: [1, 2, 4], kind: "resolutions", unshuffle: 2 },
  ])("are the mean over all networks, each by its probability, in %j", (settings) => {
    const primitives = ["skip_connect", "sep_conv_5x5"];
    const space = searchSpaceSchema.parse({ nodes: 1, filters: 2, stemChannels: 4, primitives, ...settings });
    const weights = drawWeights(space, 1);
    const networks = listNetworks(space, weights);
    expect(networks.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 12);
    const mean = networks.reduce((sum, { genotype, chance }) => sum + chance * countNetwork(genotype, space), 0);
    expect(expectCost(trellisOf(space), weights).value / mean).toBeCloseTo(1, 12);
  });

  it.each([
    {},
    { cellSharing: false },
    { alphaSharing: "tied" },
    { kind: "scales", layers: 5, unshuffle: 2 },
    { kind: "resolutions", widthFactors: [1, 2, 4] },
  ])("have the gradient that finite differences give, in %j", (settings) => {
    const space = searchSpaceSchema.parse({ nodes: 2, filters: 4, ...settings });
    const trellis = trellisOf(space);
    const weights = drawWeights(space, 2);
    const { gradient } = expectCost(trellis, weights);
    const slopeAt = (shift: (by: number) => CostWeights): number =>
      (expectCost(trellis, shift(0.5)).value - expectCost(trellis, shift(-0.5)).value) / 1;
    const moved = (row: readonly number[], place: number, by: number): number[] =>
      row.map((weight, index) => (index === place ? weight + by : weight));
    // The cost is linear in each single weight, so that any length of step is exact.
    gradient.op.forEach((edges, l) => {
      edges.forEach((row, e) => {
        row.forEach((slope, o) => {
          const measured = slopeAt((by) => ({
              ...weights,
              op: weights.op.map((other, at) => (at === l ? other.map((r, edge) => (edge === e ? moved(r, o, by) : r)) : other)),
            })); // prettier-ignore
          expect(slope).toBeCloseTo(measured, 5);
        });
      });
    });
    gradient.move.forEach((row, r) => {
      row.forEach((slope, column) => {
        const measured = slopeAt((by) => ({
          ...weights,
          move: weights.move.map((other, at) => (at === r ? moved(other, column, by) : other)),
        }));
        expect(slope).toBeCloseTo(measured, 5);
      });
    });
  });
});

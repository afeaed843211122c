import { describe, expect, it } from "vitest";

import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { ArchVariables } from "#main/compute/search/archVariables.ts";
import { type CostTerm, openCostTerm } from "#main/compute/search/cost/costTerm.ts";
import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

import { drawArchWeights } from "#tests/main/compute/supernet/tinySupernet.ts";

function configOf(weight: number, space: object = {}): SearchConfig {
  return searchConfigSchema.parse({
    space: { layers: 3, nodes: 2, filters: 4, ...space },
    search: { cost: { kind: "multiplyAdds", weight }, arch: { learningRate: 0.05, weightDecay: 0 } },
  });
}

function termOf(config: SearchConfig): CostTerm {
  const term = openCostTerm(config);
  if (term === null) throw new Error("the settings must ask for a cost term");
  return term;
}

const zerosLike = ({ op, move }: ArchWeights): ArchWeightGradients => ({
  op: op.map((layer) => layer.map((row) => row.map(() => 0))),
  move: move.map((row) => row.map(() => 0)),
});

/** A loss that is a sum over the weights, each with a slope of its own. */
function drawSlopes(like: ArchWeights): ArchWeightGradients {
  const random = createRandom(5, "slopes");
  const draw = (row: readonly number[]): number[] => row.map(() => 0.01 * random.gaussian());
  return { op: like.op.map((layer) => layer.map(draw)), move: like.move.map(draw) };
}

const copyOf = ({ op, move }: ArchWeightGradients): ArchWeightGradients => structuredClone({ op, move });

/** Multiply-adds of what is derived where a search minimises the slopes' loss and the cost. */
function countAfterSearch(config: SearchConfig): number {
  const arch = new ArchVariables(config.space, config.search.arch);
  const slopes = drawSlopes(arch.weights());
  for (let step = 0; step < 80; step++) {
    const gradients = copyOf(slopes);
    termOf(config).addTo(gradients, arch.weights());
    arch.update(gradients, step);
  }
  const genotype = deriveGenotype(arch.logits(), config.space.widthFactors, config.space.kind);
  return networkCost(buildNetworkGraph(planCandidate(genotype, config.space))).multiplyAddsPerPixel;
}

describe("the cost in the objective", () => {
  it("is not there where the settings do not ask for it", () => {
    expect(openCostTerm(searchConfigSchema.parse({}))).toBeNull();
  });

  it.each([{}, { cellSharing: false }, { kind: "scales" }])(
    "adds the gradient of half its weight times the logarithm of the expected multiply-adds, in %j",
    (space) => {
      const config = configOf(0.3, space);
      const term = termOf(config);
      const weights = drawArchWeights(config.space);
      const gradients = zerosLike(weights);
      term.addTo(gradients, weights);
      const objective = (at: ArchWeights): number => 0.5 * 0.3 * Math.log(term.expect(at));
      const step = 1e-4;
      const slopeOf = (change: (by: number) => ArchWeights): number =>
        (objective(change(step)) - objective(change(-step))) / (2 * step);
      const shifted = (row: readonly number[], place: number, by: number): number[] =>
        row.map((weight, index) => (index === place ? weight + by : weight));
      gradients.op.forEach((layer, l) => {
        layer.forEach((row, e) => {
          row.forEach((slope, o) => {
            const change = (by: number): ArchWeights => {
              const moveEdge = (edges: readonly (readonly number[])[]) =>
                edges.map((other, edge) => (edge === e ? shifted(other, o, by) : other));
              return { ...weights, op: weights.op.map((edges, at) => (at === l ? moveEdge(edges) : edges)) };
            };
            expect(slope).toBeCloseTo(slopeOf(change), 8);
          });
        });
      });
      gradients.move.forEach((row, r) => {
        row.forEach((slope, column) => {
          const change = (by: number): ArchWeights => ({
            ...weights,
            move: weights.move.map((other, at) => (at === r ? shifted(other, column, by) : other)),
          });
          expect(slope).toBeCloseTo(slopeOf(change), 8);
        });
      });
    },
  );

  it.each(["per_layer", "tied"])("has the slope along alpha's logits that finite differences give, alpha %s", (sharing) => {
    const config = configOf(0.3, { alphaSharing: sharing });
    const term = termOf(config);
    const random = createRandom(3, "logits");
    const arch = new ArchVariables(config.space, config.search.arch);
    const there = arch.movedBy(Array.from({ length: arch.alphaLength }, () => random.gaussian()));
    const gradients = zerosLike(there.weights());
    term.addTo(gradients, there.weights());
    const slopes = there.alphaGradient(gradients);
    const direction = slopes.map(() => random.gaussian());
    const at = (by: number): number =>
      0.5 * 0.3 * Math.log(term.expect(there.movedBy(direction.map((each) => by * each)).weights()));
    const claimed = slopes.reduce((sum, slope, i) => sum + slope * (direction[i] ?? NaN), 0);
    expect((at(3e-3) - at(-3e-3)) / 6e-3 / claimed).toBeCloseTo(1, 3);
  }); // prettier-ignore

  it.each([{}, { kind: "scales" }])("makes what is derived cheaper the more it weighs, in %j", (space) => {
    const counts = [0, 0.05, 0.2, 1, 10].map((weight) => countAfterSearch(configOf(weight, space)));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(new Set(counts).size).toBeGreaterThan(2);
  });
});

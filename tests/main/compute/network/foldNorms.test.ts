import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import { foldGraph, graphNorms, graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestPadding, partsOf } from "#tests/helpers/parameterParts.ts";
import { relativeError } from "#tests/helpers/referenceFixtures.ts";

import { drawPlanes, predict, predictFolded } from "./graphPasses.ts";
import { FRAMES, MIXED_GENOTYPE, MIXED_PLAN, SMALL_PLAN, drawNetwork } from "./tinyNetwork.ts";

const SIZE = [2, 8, 10] as const;

const { kernels } = await startEngine();

describe("foldNorms", () => {
  it.each([{}, ...FRAMES])("gives with a batch's own statistics what norms give on that batch, for %j", (frame) => {
    const plan = planNetwork(MIXED_GENOTYPE, { filters: 2, ...frame });
    const graph = buildNetworkGraph(plan);
    const { parameters } = drawNetwork(plan);
    const planes = drawPlanes(plan, SIZE);
    const { output, statistics } = predict(kernels, graph, planes, parameters);
    const count = (SIZE[0] * SIZE[1] * SIZE[2]) / plan.unshuffle ** 2;
    // A norm divides by the plain variance, and tells the one with Bessel's correction.
    const plain = statistics.map((value) => value);
    for (const { name, from, to } of partsOf(graphStatistics(graph))) {
      if (name.endsWith(".variance"))
        plain.subarray(from, to).forEach((v, i, part) => (part[i] = (v * (count - 1)) / count));
    }
    const folded = predictFolded(kernels, foldGraph(graph), planes, foldNorms(graph, parameters, plain));
    expect(relativeError(folded, output)).toBeLessThan(1e-4);
  });

  it("leaves filling channels at zero", () => {
    const graph = buildNetworkGraph(MIXED_PLAN);
    const { parameters, statistics } = drawNetwork(MIXED_PLAN);
    expect(largestPadding(graphParameters(foldGraph(graph)), foldNorms(graph, parameters, statistics))).toBe(0);
  });

  it("needs no scale or shift of its own any more", () => {
    const graph = buildNetworkGraph(SMALL_PLAN);
    const names = graphParameters(foldGraph(graph)).map(({ name }) => name);
    expect(names.filter((name) => /\.(gamma|beta)$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith(".bn.bias")).length).toBe(graphNorms(graph).length);
  });
});

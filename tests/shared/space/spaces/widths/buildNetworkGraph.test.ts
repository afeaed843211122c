import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { inputPlanes, outputChannels } from "#shared/space/graph/frame.ts";
import { graphNorms, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { formOfNode, liveNodes, type NetworkGraph, valueForms } from "#shared/space/graph/networkGraph.ts";
import { countParameters } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { networkSettingsSchema, planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { MIXED_GENOTYPE, MIXED_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";
import { networkPlans } from "#tests/shared/space/arbitraries.ts";

const inputsOf = ({ nodes }: NetworkGraph, name: string) => nodes.find((node) => node.name === name)?.inputs;

describe("buildNetworkGraph", () => {
  it("describes every network from the planes that its frame names to a picture of the noisy one's form", () => {
    fc.assert(
      fc.property(networkPlans, (plan) => {
        const graph = buildNetworkGraph(plan);
        const forms = valueForms(graph);
        const planes = liveNodes(graph).flatMap((node) =>
          node.kind === "input" ? [{ name: node.name, channels: node.channels }] : [],
        );
        expect(planes).toEqual(inputPlanes(plan));
        expect(formOfNode(forms, graph.output)).toEqual({ channels: plan.imageChannels, scale: 1 });
        expect(formOfNode(forms, "decoder.output")).toEqual({ channels: outputChannels(plan), scale: plan.unshuffle });
        const names = graphParameters(graph).map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 40 },
    );
  });

  it("gives each node of a cell the edges of the genotype, skips as the states themselves", () => {
    const graph = buildNetworkGraph(MIXED_PLAN);
    expect(inputsOf(graph, "layer_0.node_0")).toEqual(["layer_0.op_0.bn", "layer_0.op_1.bn_2"]);
    expect(inputsOf(graph, "layer_0.node_1")).toEqual(["layer_0.op_2.bn", "layer_0.scale_s0.bn"]);
    expect(inputsOf(graph, "layer_1.node_1")).toEqual(["layer_1.node_0", "layer_1.op_3.bn_2"]);
    expect(inputsOf(graph, "layer_0.op_2.conv")).toEqual(["layer_0.node_0.active"]);
    expect(inputsOf(graph, "layer_1.active")).toEqual(["layer_1.node_0.active", "layer_1.node_1.active"]);
  });

  it("feeds a layer with the two before it, the stems where there are none", () => {
    const graph = buildNetworkGraph(MIXED_PLAN);
    expect(inputsOf(graph, "layer_0.scale_s1.conv")).toEqual(["stem_1.bn.active.active"]);
    expect(inputsOf(graph, "layer_0.scale_s0.conv")).toEqual(["stem_2.bn.active"]);
    expect(inputsOf(graph, "layer_1.scale_s1.conv")).toEqual(["stem_2.bn.active"]);
    expect(inputsOf(graph, "layer_1.scale_s0.conv")).toEqual(["layer_0.active"]);
  });

  it("leads the decoder's skip branch from the last layer at width level 0, else from the reduced stem", () => {
    const skipOf = (widthPath: number[]) =>
      inputsOf(buildNetworkGraph(planNetwork({ ...MIXED_GENOTYPE, widthPath })), "decoder.endpoint.conv");
    expect(skipOf([0, 1])).toEqual(["layer_0.raw"]);
    expect(skipOf([1, 1])).toEqual(["endpoint_reduce.bn"]);
    expect(skipOf([1, 0])).toEqual(["endpoint_reduce.bn"]);
  });

  it("learns scale and shift in every norm but that of the reduced stem", () => {
    const plain = graphNorms(buildNetworkGraph(MIXED_PLAN)).filter(({ isAffine }) => !isAffine);
    expect(plain.map(({ name }) => name)).toEqual(["endpoint_reduce.bn"]);
  });
});

describe("planNetwork", () => {
  it("is the published network where nothing else is given", () => {
    expect(planNetwork(MIXED_GENOTYPE)).toEqual({
      genotype: MIXED_GENOTYPE,
      filters: 20,
      offsetLimitPx: 2,
      imageChannels: 1,
      noiseMap: false,
      unshuffle: 1,
      stemChannels: 64,
      endpointChannels: 48,
      decoderChannels: 128,
      normalisation: "batch",
    });
  });

  it.each([
    { imageChannels: 2 },
    { unshuffle: 3 },
    { filters: 0 },
    { filters: 1.5 },
    { stemChannels: 2000 },
    { normalisation: "layer" },
    { depth: 2 },
  ])("refuses %j", (settings) => {
    expect(networkSettingsSchema.safeParse(settings).success).toBe(false);
  });

  it("has sizes that each change the number of parameters", () => {
    const count = (settings: object): number =>
      countParameters(graphParameters(buildNetworkGraph(planNetwork(MIXED_GENOTYPE, settings))));
    const changes = [
      { filters: 8 },
      { imageChannels: 3 },
      { noiseMap: true },
      { unshuffle: 2 },
      { stemChannels: 8 },
      { endpointChannels: 8 },
      { decoderChannels: 8 },
      { normalisation: "none" },
    ];
    const counts = [{}, ...changes].map(count);
    expect(new Set(counts).size).toBe(counts.length);
  });
});

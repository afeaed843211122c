import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type ExecutionStep, planExecution, rememberedValues } from "#shared/space/graph/execution.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { type GraphNode, liveNodes, type NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { MIXED_GENOTYPE, MIXED_PLAN } from "#tests/main/compute/network/tinyNetwork.ts";
import { networkPlans } from "#tests/shared/space/arbitraries.ts";

/** Runs a check on many networks, with their norms and with norms folded. */
function checkGraphs(check: (graph: NetworkGraph, steps: readonly ExecutionStep[]) => void): void {
  fc.assert(
    fc.property(networkPlans, (plan) => {
      const graph = buildNetworkGraph(plan);
      for (const each of [graph, foldGraph(graph)]) check(each, planExecution(each));
    }),
    { numRuns: 40 },
  );
}

const namesOf = (nodes: readonly GraphNode[]): string[] => nodes.map(({ name }) => name);

/** Where each value is made. */
const stepOfValue = (steps: readonly ExecutionStep[]) => new Map(steps.map(({ value }, index) => [value, index]));

describe("planExecution", () => {
  it("runs each node that the output needs once, and after what it reads", () => {
    checkGraphs((graph, steps) => {
      const run = steps.flatMap(({ nodes }) => namesOf(nodes));
      expect(run.toSorted()).toEqual(namesOf(liveNodes(graph)).toSorted());
      const place = new Map(run.map((name, index) => [name, index]));
      for (const { name, inputs } of liveNodes(graph)) {
        for (const read of inputs) expect(place.get(read)).toBeLessThan(place.get(name) ?? -1);
      }
    });
  });

  it("reads between steps only what a step leaves", () => {
    checkGraphs((_graph, steps) => {
      const made = stepOfValue(steps);
      for (const [index, { nodes, value }] of steps.entries()) {
        for (const read of nodes[0].inputs) expect(made.get(read)).toBeLessThan(index);
        nodes.slice(1).forEach(({ inputs }, i) => expect(inputs).toEqual([nodes[i]?.name]));
        expect(value).toBe(nodes.at(-1)?.name);
      }
    });
  });

  it("gives up each value but the output once, right after its last reader", () => {
    checkGraphs((graph, steps) => {
      const given = steps.flatMap(({ lastReads }, index) => lastReads.map((name) => ({ name, index })));
      const values = steps.map(({ value }) => value).filter((name) => name !== graph.output);
      expect(given.map(({ name }) => name).toSorted()).toEqual(values.toSorted());
      for (const { name, index } of given) {
        expect(steps.findLastIndex(({ nodes }) => nodes[0].inputs.includes(name))).toBe(index);
      }
    });
  });

  it("runs pointwise convolutions as soon as their input is there", () => {
    checkGraphs((_graph, steps) => {
      const made = stepOfValue(steps);
      for (const [index, { nodes }] of steps.entries()) {
        const [node] = nodes;
        if (node.kind !== "convolution" || node.side !== 1) continue;
        const between = steps.slice((made.get(node.inputs[0] ?? "") ?? NaN) + 1, index);
        const isShort = ({ nodes: [each] }: ExecutionStep): boolean =>
          (each.kind === "convolution" && each.side === 1) || each.kind === "norm" || each.kind === "bias";
        expect(between.every(isShort), node.name).toBe(true);
      }
    });
  });

  const reduceSteps = (widthPath: number[]): number => {
    const plan = planNetwork({ ...MIXED_GENOTYPE, widthPath }, { filters: 2 });
    const steps = planExecution(buildNetworkGraph(plan));
    return steps.filter(({ nodes }) => nodes.some(({ part }) => part === "endpoint_reduce")).length;
  };

  it("leaves the reduced stem out where nobody reads it", () => {
    expect(reduceSteps([0, 1])).toBe(0);
    expect(reduceSteps([1, 1])).toBeGreaterThan(0);
    expect(reduceSteps([0, 0])).toBeGreaterThan(0);
  });

  it("takes a norm with its activation, and a depthwise with its pointwise convolution, in one step", () => {
    const kinds = new Set(
      planExecution(buildNetworkGraph(MIXED_PLAN)).flatMap(({ nodes }) =>
        nodes.length > 1 ? [nodes.map(({ kind }) => kind).join(" ")] : [],
      ),
    );
    expect([...kinds].toSorted()).toEqual(["depthwise convolution", "norm activation"]);
  });

  it("keeps what two read, or what is the output, out of such a step", () => {
    const x = { name: "x", part: "", inputs: [], kind: "input", channels: 1 } as const;
    const norm = { name: "n", part: "", inputs: ["x"], kind: "norm", isAffine: false } as const;
    const active = { name: "a", part: "", inputs: ["n"], kind: "activation" } as const;
    const sum = { name: "s", part: "", inputs: ["n", "a"], kind: "add" } as const;
    const nodesOf = (graph: NetworkGraph) => planExecution(graph).map(({ nodes }) => namesOf(nodes));
    expect(nodesOf({ nodes: [x, norm, active], output: "a" })).toEqual([["x"], ["n", "a"]]);
    expect(nodesOf({ nodes: [x, norm, active, sum], output: "s" })).toEqual([["x"], ["n"], ["a"], ["s"]]);
    expect(nodesOf({ nodes: [x, norm, active], output: "n" })).toEqual([["x"], ["n"]]);
  });
});

describe("rememberedValues", () => {
  it("are the inputs of filters and norms, and the outputs of activations", () => {
    const base = { part: "" };
    const nodes: GraphNode[] = [
      { ...base, name: "x", inputs: [], kind: "input", channels: 2 },
      { ...base, name: "c", inputs: ["x"], kind: "convolution", side: 3, dilation: 1, channels: 2 },
      { ...base, name: "n", inputs: ["c"], kind: "norm", isAffine: true },
      { ...base, name: "a", inputs: ["n"], kind: "activation" },
      { ...base, name: "sum", inputs: ["a", "x"], kind: "add" },
      { ...base, name: "b", inputs: ["sum"], kind: "activation" },
      { ...base, name: "d", inputs: ["b"], kind: "depthwise", side: 3, dilation: 1 },
      { ...base, name: "p", inputs: ["d"], kind: "convolution", side: 1, dilation: 1, channels: 2 },
      { ...base, name: "out", inputs: ["x", "p"], kind: "subtract" },
    ];
    expect([...rememberedValues({ nodes, output: "out" })].toSorted()).toEqual(["a", "b", "c", "x"]);
  });
});

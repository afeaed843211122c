import { describe, expect, it } from "vitest";

import { layoutNetwork } from "#shared/space/drawing/layoutNetwork.ts";
import { gatherBoxes } from "#shared/space/drawing/networkBoxes.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

const graph = buildNetworkGraph(planNetwork(TINY_GENOTYPE, { filters: 10 }));
const network = gatherBoxes(graph);

describe("the boxes of a network", () => {
  it("hold each node once, and together what the whole network costs", () => {
    const names = network.boxes.flatMap(({ nodes }) => nodes.map(({ name }) => name));
    expect(names.toSorted()).toEqual(graph.nodes.map(({ name }) => name).toSorted());
    const { parameters, multiplyAddsPerPixel } = networkCost(graph);
    const sumOf = (key: "parameters" | "multiplyAddsPerPixel") => network.boxes.reduce((sum, box) => sum + box[key], 0);
    expect(sumOf("parameters")).toBe(parameters);
    expect(sumOf("multiplyAddsPerPixel")).toBeCloseTo(multiplyAddsPerPixel, 6);
  });

  it("keep a norm and an activation with the filter before them, unless something else reads what is between", () => {
    const one = { part: "p", inputs: ["x"] };
    const small: NetworkGraph = {
      nodes: [
        { name: "x", part: "p", inputs: [], kind: "input", channels: 1 },
        { ...one, name: "a", kind: "convolution", side: 3, dilation: 1, channels: 4 },
        { ...one, name: "n", inputs: ["a"], kind: "norm", isAffine: true },
        { ...one, name: "r", inputs: ["n"], kind: "activation" },
        { ...one, name: "sum", inputs: ["n", "r"], kind: "add" },
      ],
      output: "sum",
    };
    const { boxes, lines } = gatherBoxes(small);
    expect(boxes.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([["x"], ["a", "n"], ["r"], ["sum"]]);
    expect(lines.map(({ from, to, input }) => `${from} ${to} ${input}`)).toEqual([
      "x a 0",
      "a r 0",
      "a sum 0",
      "r sum 1",
    ]);
    // By hand: 9 weights for each of 4 channels, a scale and a shift for each.
    expect(boxes[1]).toMatchObject({ channels: 4, scale: 1, parameters: 44, multiplyAddsPerPixel: 36 });
  });
});

describe("a network laid out", () => {
  const layout = layoutNetwork(network);

  it("flows from left to right without boxes over each other", () => {
    for (const { from, to } of layout.lines) {
      expect(layout.boxes.get(from)?.x).toBeLessThan(layout.boxes.get(to)?.x ?? 0);
    }
    const boxes = [...layout.boxes.values()];
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(isApart).toBe(true);
      }
    }
  });

  it("frames each part with all of its boxes, inside of the drawing", () => {
    for (const { name, part } of network.boxes) {
      const box = layout.boxes.get(name)!;
      const frame = layout.parts.find((each) => each.name === part)!;
      expect(frame.x).toBeLessThan(box.x);
      expect(frame.y + frame.height).toBeGreaterThan(box.y + box.height);
    }
    expect(Math.min(...layout.parts.flatMap(({ x, y }) => [x, y]))).toBeGreaterThanOrEqual(0);
  });
});

import { describe, expect, it } from "vitest";

import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { doorChannels } from "#shared/space/graph/frame.ts";
import {
  formOfNode,
  type GraphNode,
  largestScale,
  liveNodes,
  type NodeOperation,
  valueForms,
} from "#shared/space/graph/networkGraph.ts";
import type { Channels } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { MIXED_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

const node = (name: string, inputs: readonly string[], operation: NodeOperation): GraphNode => {
  return { name, part: "part", inputs, ...operation };
};
const input = (name: string, channels: number): GraphNode => node(name, [], { kind: "input", channels });
const convolution = (name: string, from: string, channels: Channels): GraphNode =>
  node(name, [from], { kind: "convolution", side: 3, dilation: 1, channels });
const formsOf = (...nodes: readonly GraphNode[]) => valueForms({ nodes, output: nodes.at(-1)?.name ?? "" });

describe("valueForms refuses", () => {
  const x = input("x", 4);
  it.each<[string, readonly GraphNode[], string]>([
    ["an unknown input", [x, convolution("y", "z", 2)], "y must read nodes before it, got z"],
    ["an input that comes later", [convolution("y", "x", 2), x], "y must read nodes before it, got x"],
    ["doubled names", [x, convolution("x", "x", 2)], "two nodes are named x"],
    [
      "a sum of unequal channels",
      [x, convolution("y", "x", 2), node("total", ["x", "y"], { kind: "add" })],
      "total must read equal channels, got 4, 2",
    ],
    [
      "a difference of unequal channels",
      [x, convolution("y", "x", 5), node("rest", ["x", "y"], { kind: "subtract" })],
      "rest must read equal channels, got 4, 5",
    ],
    [
      "values of two scales",
      [x, node("small", ["x"], { kind: "unshuffle", block: 2 }), node("both", ["x", "small"], { kind: "concat" })],
      "both must read values of one scale",
    ],
    [
      "groups to unshuffle",
      [x, convolution("y", "x", { groups: 2, channels: 2 }), node("small", ["y"], { kind: "unshuffle", block: 2 })],
      "small must read plain channels, got groups",
    ],
    [
      "groups to shuffle",
      [x, convolution("y", "x", { groups: 2, channels: 2 }), node("large", ["y"], { kind: "shuffle", block: 2 })],
      "large must read plain channels, got groups",
    ],
    [
      "groups beside plain channels",
      [x, convolution("y", "x", { groups: 1, channels: 4 }), node("both", ["x", "y"], { kind: "concat" })],
      "both must join plain channels, or groups of one size",
    ],
    [
      "groups of two sizes",
      [
        x,
        convolution("y", "x", { groups: 1, channels: 4 }),
        convolution("z", "x", { groups: 1, channels: 3 }),
        node("both", ["z", "y"], { kind: "concat" }),
      ],
      "both must join plain channels, or groups of one size",
    ],
    ["a sum of nothing", [x, node("total", [], { kind: "add" })], "total"],
  ])("%s, and names the node", (_what, nodes, message) => {
    expect(() => formsOf(...nodes)).toThrow(message);
  });

  it("an output that is not there, and so does who asks for such a value", () => {
    expect(() => valueForms({ nodes: [x], output: "y" })).toThrow("the output must be one of its nodes, got y");
    expect(() => formOfNode(formsOf(x), "y")).toThrow("there is no node named y");
  });
});

describe("the forms of the values", () => {
  it("join groups of one size to more groups, and plain numbers to their sum", () => {
    const two = { groups: 2, channels: 3 };
    const forms = formsOf(
      input("x", 4),
      convolution("a", "x", two),
      convolution("b", "x", { groups: 1, channels: 3 }),
      node("ab", ["a", "b"], { kind: "concat" }),
      node("xx", ["x", "x"], { kind: "concat" }),
    );
    expect(forms.get("ab")).toEqual({ channels: { groups: 3, channels: 3 }, scale: 1 });
    expect(forms.get("xx")).toEqual({ channels: 8, scale: 1 });
  });

  const settings = { imageChannels: 3, noiseMap: true, unshuffle: 2, filters: 4 } as const;
  const plan = planNetwork(MIXED_GENOTYPE, { ...settings, stemChannels: 9, endpointChannels: 7, decoderChannels: 11 });
  const graph = buildNetworkGraph(plan);
  const forms = valueForms(graph);

  it("of a colour network with a noise map at half resolution are as worked out by hand", () => {
    const [narrow, wide] = [
      { groups: 1, channels: 4 },
      { groups: 1, channels: 6 },
    ];
    const expected: readonly [RegExp, Channels, number][] = [
      [/^noisy$/, 3, 1],
      [/^noise_map$/, 1, 1],
      [/^planes$/, 4, 1],
      [/^unshuffle$/, 16, 2],
      [/^stem_[12]\./, 9, 2],
      [/^endpoint_reduce\./, { groups: 2, channels: 4 }, 2],
      [/^layer_0\.(active|raw)$/, { groups: 2, channels: 4 }, 2],
      [/^layer_0\.(op_\d|node_\d|scale_s[01])/, narrow, 2],
      [/^layer_1\.active$/, { groups: 2, channels: 6 }, 2],
      [/^layer_1\.(op_\d|node_\d|scale_s[01])/, wide, 2],
      [/^decoder\.pre\./, 11, 2],
      [/^decoder\.endpoint\./, 7, 2],
      [/^decoder\.joined$/, 18, 2],
      [/^decoder\.sep_1\.depthwise/, 18, 2],
      [/^decoder\.sep_(1\.pointwise|2)/, 11, 2],
      [/^decoder\.output(\.conv)?$/, 12, 2],
      [/^shuffle$/, 3, 1],
      [/^denoised$/, 3, 1],
    ];
    for (const [name, form] of forms) {
      const fitting = expected.filter(([pattern]) => pattern.test(name));
      expect(fitting.length, name).toBe(1);
      expect([name, form.channels, form.scale]).toEqual([name, ...fitting.flatMap(([, ...rest]) => rest)]);
    }
    expect(largestScale(graph)).toBe(2);
  });

  it("fit the filters: the stem reads what the frame's door gives", () => {
    const stem = graphParameters(graph).find(({ name }) => name === "stem_1.conv");
    expect(stem?.shape).toEqual([3, 3, doorChannels(plan), 9]);
  });
});

describe("liveNodes", () => {
  it("lists what the output depends on, in order, and nothing else", () => {
    const x = input("x", 1);
    const nodes = [x, convolution("a", "x", 1), convolution("b", "a", 1), convolution("idle", "b", 1)];
    expect(liveNodes({ nodes, output: "b" }).map(({ name }) => name)).toEqual(["x", "a", "b"]);
  });
});

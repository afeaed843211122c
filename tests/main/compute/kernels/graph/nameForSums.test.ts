import { describe, expect, it } from "vitest";

import { nameForSums, renameNodes } from "#main/compute/kernels/graph/nameForSums.ts";
import type { GraphNode } from "#main/compute/kernels/graph/savedModel.ts";

function node(name: string, op: string, ...input: string[]): GraphNode {
  return { name, op, input, attr: {} };
}

const leaves = ["a", "b", "c"].map((name) => node(name, "Placeholder"));

describe("nameForSums", () => {
  it("names the terms of a sum in the order in which they are added", () => {
    const nodes = [...leaves, node("sum", "AddN", "c", "a:1", "b", "^a")];
    const [sum] = renameNodes(nodes, nameForSums(nodes)).slice(-1);
    const terms = sum!.input.slice(0, 3);
    expect(terms).toEqual(terms.toSorted());
    expect(terms.map((term) => term.replace(/^n\d_/, ""))).toEqual(["c", "a:1", "b"]);
    expect(sum!.input[3]).toMatch(/^\^n\d_a$/);
  });

  it("keeps the order of nodes that no sum reads, and gives every node a name of its own", () => {
    const names = [...nameForSums([...leaves, node("sum", "AddN", "c", "b")]).values()];
    expect(names).toEqual(["n0_a", "n1_b", "n2_c", "n3_sum"]);
  });

  it("names every node where two sums contradict each other", () => {
    const nodes = [...leaves, node("one", "AddN", "a", "b", "c"), node("two", "AddN", "c", "b", "a")];
    expect(new Set(nameForSums(nodes).values()).size).toBe(nodes.length);
  });
});

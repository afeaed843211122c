import { describe, expect, it } from "vitest";

import { narrowConvolutions } from "#main/compute/kernels/graph/narrowConvolutions.ts";
import { BFLOAT16, FLOAT } from "#main/compute/kernels/graph/savedModel.ts";
import type { GraphNode } from "#main/compute/kernels/graph/savedModel.ts";

const float = { T: { type: FLOAT } };
const node = (name: string, op: string, ...input: string[]): GraphNode => ({ name, op, input, attr: float });

describe("narrowConvolutions", () => {
  const given = [
    node("x", "Placeholder"),
    node("w", "Placeholder"),
    node("b", "Placeholder"),
    node("first", "Conv2D", "x", "w"),
    node("biased", "BiasAdd", "first", "b"),
    node("second", "Conv2D", "x", "w", "^biased"),
    node("sum", "AddN", "biased", "second"),
    node("active", "LeakyRelu", "biased"),
    node("back", "Conv2DBackpropFilter", "x", "shape", "sum"),
    node("window", "Placeholder"),
    node("blurred", "Conv2D", "x", "window"),
  ];
  const nodes = narrowConvolutions(given, new Set(["window"]));
  const byName = new Map(nodes.map((found) => [found.name, found]));
  const inputsOf = (name: string) =>
    byName.get(name)!.input.map((input) => {
      const found = byName.get(input);
      return found?.op === "Cast" ? { cast: found.input[0], to: found.attr["DstT"] } : input;
    });
  const narrowed = (cast: string) => ({ cast, to: { type: BFLOAT16 } });
  const widened = (cast: string) => ({ cast, to: { type: FLOAT } });

  it("gives convolutions narrow numbers and leaves shapes and waits as they are", () => {
    expect(inputsOf("first")).toEqual([narrowed("x"), narrowed("w")]);
    expect(inputsOf("second")).toEqual([narrowed("x"), narrowed("w"), "^biased"]);
    expect(inputsOf("back")).toEqual([narrowed("x"), "shape", narrowed("sum")]);
    expect(byName.get("back")!.attr["T"]).toEqual({ type: BFLOAT16 });
  });

  it("leaves convolutions with fixed filters alone", () => {
    expect(byName.get("blurred")).toEqual(given.at(-1));
  });

  it("keeps a bias narrow behind its convolution, so that both are one op, and widens for all else", () => {
    expect(inputsOf("biased")).toEqual(["first", narrowed("b")]);
    expect(inputsOf("sum")).toEqual([widened("biased"), widened("second")]);
    expect(inputsOf("active")).toEqual([widened("biased")]);
    expect(byName.get("sum")!.attr).toEqual(float);
  });

  it("converts each number once and before its readers", () => {
    expect(nodes.filter(({ op }) => op === "Cast").map(({ input }) => input[0])).toEqual([
      "x",
      "w",
      "b",
      "biased",
      "second",
      "sum",
    ]);
    const places = new Map(nodes.map(({ name }, place) => [name, place]));
    const early = nodes.flatMap(({ name, input }) =>
      input.filter((from) => (places.get(from) ?? -1) >= places.get(name)!),
    );
    expect(early).toEqual([]);
  });
});

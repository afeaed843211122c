import { describe, expect, it } from "vitest";

import { parseYamlMapping, parseYamlValue } from "#main/config/yamlText.ts";

const read = (text: string) => parseYamlMapping(text, "a.yaml");

describe("parseYamlMapping", () => {
  it("gives an empty mapping for an empty text", () => {
    expect(read("").values).toEqual({});
    expect(read("# only a comment\n").values).toEqual({});
  });

  it("finds the line of a key, and of the deepest part that is there", () => {
    const { lineOf } = read("a: 1\nb:\n  c:\n    d: 2\n");
    expect(lineOf(["b", "c", "d"])).toBe(4);
    expect(lineOf(["b", "c", "missing"])).toBe(3);
    expect(lineOf(["missing"])).toBeNull();
  });

  it.each([
    ["a: 1\na: 2", "config: a.yaml line 2: map keys must be unique"],
    ["a: 1\n---\nb: 2", "config: a.yaml line 2: must hold one YAML document, got several"],
    ["- 3", "config: a.yaml: must be a mapping of settings, got [3]"],
    ["just text", 'config: a.yaml: must be a mapping of settings, got "just text"'],
    ["a: *b", "config: a.yaml: unresolved alias (the anchor must be set before the alias): b"],
  ])("refuses %j", (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: "bad_config", message }));
  });

  it("refuses a nest of aliases that would unfold to millions of values", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(", ")}]`;
    const text = [level("a", "x"), level("b", "*a"), level("c", "*b"), level("d", "*c"), level("e", "*d")].join("\n");
    expect(() => read(text)).toThrow("config: a.yaml: excessive alias count");
  });

  it("refuses a text of more than a million characters before it parses it", () => {
    expect(() => read(`a: ${"x".repeat(1_000_000)}`)).toThrow(
      "config: a.yaml: must have at most 1000000 characters, got 1000003",
    );
  });
});

describe("parseYamlValue", () => {
  it.each([
    ["5", 5],
    ["1e-3", 0.001],
    ["true", true],
    ["null", null],
    ["tied", "tied"],
    ["[15, 25]", [15, 25]],
    ["{from: 0, to: 55}", { from: 0, to: 55 }],
  ])("reads %s", (text, value) => {
    expect(parseYamlValue(text, "--set")).toEqual(value);
  });

  it("names the place of a broken value", () => {
    expect(() => parseYamlValue("[1, 2", "--set a=[1, 2")).toThrow(/^config: --set a=\[1, 2: /);
  });
});

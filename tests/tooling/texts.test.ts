import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { english } from "#renderer/texts/english.ts";

const RENDERER = join(import.meta.dirname, "../../src/renderer");

/** All of the window but its texts. */
function readSources(): string {
  return readdirSync(RENDERER, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(vue|ts)$/.test(name) && !/^texts[\\/]/.test(name))
    .map((name) => readFileSync(join(RENDERER, name), "utf8"))
    .join("\n");
}

/** The names by which texts are reached; what is looked up by a value counts by the name of its table. */
function listNames(part: object, sources: string): string[] {
  return Object.entries(part).flatMap(([name, text]: [string, unknown]) => {
    const isTable = typeof text === "object" && text !== null && !Array.isArray(text);
    const isLookedUp = new RegExp(`\\b${name}\\[|Object\\.\\w+\\([\\w.]*\\.${name}\\)`).test(sources);
    if (!isTable || isLookedUp) return [name];
    return listNames(text, sources);
  });
}

describe("the catalogue of texts", () => {
  it("has no text that nothing shows", () => {
    const sources = readSources();
    const unused = listNames(english, sources).filter((name) => !new RegExp(`\\.${name}\\b`).test(sources));
    expect(unused).toEqual([]);
  });
});

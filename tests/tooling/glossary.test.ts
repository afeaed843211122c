import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { noiseSchema } from "#shared/image/noise.ts";
import { RUN_STATES } from "#shared/runs/runEvent.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";

/** The words that mean one thing everywhere in the project. */
const WORDS =
  `primitive, op, node, edge, mixed op, cell, layer, width level, router, widen, alpha, beta, op weights, move weights,
  arch variables, weight variables, supernet, search space, genotype, derive, network, weight step, arch step, first order,
  second order, warm-up, search split, validation, test, cell sharing, alpha sharing, sigma, patch, tile, run, preset,
  checkpoint, recipe, network graph, strategy, estimator, candidate, study, outer space, inner space, motif, fidelity`.split(
    /,\s+/,
  );

const entries = readFileSync("docs/dev/glossary.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("- "));

const terms = entries.map((entry) => /^- \*\*(.+?)\*\*: \S.*\.$/.exec(entry)?.[1]);

describe("the glossary", () => {
  it("defines each term in one line that ends with a full stop", () => {
    expect(entries.filter((_, index) => terms[index] === undefined)).toEqual([]);
  });

  it("defines no term twice", () => {
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  });

  it.each([
    ["word of the project", WORDS],
    ["primitive", PRIMITIVES],
    ["state of a run", RUN_STATES],
    ["kind of noise", noiseSchema.options.map(({ shape }) => shape.kind.value)],
  ])("defines every %s", (_, names) => {
    expect(names.filter((name) => !terms.includes(name))).toEqual([]);
  });
});

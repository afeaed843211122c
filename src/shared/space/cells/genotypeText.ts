import { LabError } from "#shared/labError.ts";

import { stateName } from "./cellGraph.ts";
import { KEPT_EDGES } from "./edgeRanking.ts";
import { type Genotype, parseGenotype } from "./genotype.ts";
import { PRIMITIVES } from "./primitives.ts";
import { parsePythonText, type PythonValue } from "./pythonText.ts";

/** Such a text says nothing of depth: as many layers as the published HiNAS networks have. */
const DARTS_LAYERS = 3;
/** The published width levels, which a path counts from the narrowest on. */
const WIDTH_FACTORS = [1, 1.5, 2];

/**
 * Reads a genotype from the text that other programs print: DARTS's `Genotype(normal=[('sep_conv_3x3', 1), ...], normal_concat=range(2, 6),
 * ...)`, whose normal cell becomes that of each layer at one width, or HiNAS's `Genotype(cells=[[('conv_3x3', 0), ...], ...], path=[0, 1,
 * ...])`, also without names. States count from 0, the layer before the previous one. Throws LabError `bad_genotype`.
 */
export function readGenotypeText(text: string, source: string): Genotype {
  const parsed = parsePythonText(text, source);
  const parts = parsed.kind === "call" ? parsed.named : new Map<string, PythonValue>();
  const positional = parsed.kind === "call" ? parsed.positional : listOf(parsed, source, "the text");
  const normal = parts.get("normal");
  if (normal !== undefined) return fromDarts(normal, parts.get("normal_concat"), source);
  const cells = parts.get("cells") ?? positional[0];
  const path = parts.get("path") ?? positional[1];
  if (cells === undefined || path === undefined) {
    throw bad(source, "must have the part normal (as DARTS prints it), or cells and path (as HiNAS does)");
  }
  return build(
    listOf(cells, source, "cells").map((cell, layer) => readCell(cell, source, `cells[${layer}]`)),
    listOf(path, source, "path").map((level, layer) => numberOf(level, source, `path[${layer}]`)),
    WIDTH_FACTORS,
    source,
  );
}

function fromDarts(normal: PythonValue, concat: PythonValue | undefined, source: string): Genotype {
  const cell = readCell(normal, source, "normal");
  const nodes = cell.nodes.length;
  const states = listOf(concat ?? { kind: "list", items: [] }, source, "normal_concat");
  const numbers = states.map((state, index) => numberOf(state, source, `normal_concat[${index}]`));
  const isWhole = Array.from({ length: nodes }, (_, node) => node + 2).every((state) => numbers.includes(state));
  if (concat !== undefined && !(isWhole && numbers.length === nodes)) {
    throw bad(source, `normal_concat must be all nodes, 2 to ${nodes + 1}, got ${numbers.join(", ")}`);
  }
  const cells = Array.from({ length: DARTS_LAYERS }, () => cell);
  return build(
    cells,
    cells.map(() => 0),
    [1],
    source,
  );
}

interface Cell {
  readonly nodes: readonly (readonly { readonly from: string; readonly primitive: string }[])[];
}

/** The checks of a genotype file hold for what was read, with its own words. */
function build(
  cells: readonly Cell[],
  widthPath: readonly number[],
  widthFactors: readonly number[],
  source: string,
): Genotype {
  return parseGenotype({ schema: "hinas.genotype", version: 1, widthFactors, widthPath, cells }, source);
}

function readCell(value: PythonValue, source: string, place: string): Cell {
  const edges = listOf(value, source, place).map((edge, index) => readEdge(edge, source, `${place}[${index}]`));
  if (edges.length === 0 || edges.length % KEPT_EDGES !== 0) {
    throw bad(source, `${place} must have ${KEPT_EDGES} edges for each node, got ${edges.length}`);
  }
  const nodes = Array.from({ length: edges.length / KEPT_EDGES }, (_, node) =>
    edges.slice(node * KEPT_EDGES, (node + 1) * KEPT_EDGES),
  );
  return { nodes };
}

function readEdge(value: PythonValue, source: string, place: string): { from: string; primitive: string } {
  const [primitive, state] = listOf(value, source, place);
  if (primitive?.kind !== "text" || state === undefined) {
    throw bad(source, `${place} must be a primitive and the number of a state`);
  }
  if (!PRIMITIVES.some((known) => known === primitive.text && known !== "none")) {
    throw bad(source, `${place}: must be one of ${PRIMITIVES.join(", ")} besides none, got "${primitive.text}"`);
  }
  return { primitive: primitive.text, from: stateName(numberOf(state, source, place)) };
}

function listOf(value: PythonValue, source: string, place: string): readonly PythonValue[] {
  if (value.kind === "list") return value.items;
  throw bad(source, `${place} must be a list, got a ${value.kind}`);
}

function numberOf(value: PythonValue, source: string, place: string): number {
  if (value.kind === "number") return value.number;
  throw bad(source, `${place} must be a whole number from 0 on, got a ${value.kind}`);
}

function bad(source: string, what: string): LabError {
  return new LabError("bad_genotype", `${source}: ${what}`);
}

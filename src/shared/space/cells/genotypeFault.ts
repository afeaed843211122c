import type { z } from "zod";

import { stateNames } from "./cellGraph.ts";
import { KEPT_EDGES } from "./edgeRanking.ts";
import type { Genotype, GenotypeEdge } from "./genotype.ts";

/** Returns the first thing that makes the cells or the width path impossible, or null: `place must ..., got ...`. */
export function graphFault(genotype: Genotype): string | null {
  return cellsFault(genotype) ?? widthPathFault(genotype);
}

function cellsFault({ cells }: Genotype): string | null {
  const nodes = cells[0]?.nodes.length;
  for (const [layer, cell] of cells.entries()) {
    const place = `cells[${layer}].nodes`;
    if (cell.nodes.length !== nodes) {
      return `${place} must hold ${nodes} nodes like the first cell's, got ${cell.nodes.length}`;
    }
    for (const [node, edges] of cell.nodes.entries()) {
      const fault = nodeFault(edges, node);
      if (fault !== null) return `${place}[${node}]${fault}`;
    }
  }
  return null;
}

function nodeFault(edges: readonly GenotypeEdge[], node: number): string | null {
  if (edges.length !== KEPT_EDGES) return ` must keep ${KEPT_EDGES} edges, got ${edges.length}`;
  const states = stateNames(node);
  for (const [index, { from }] of edges.entries()) {
    if (!states.includes(from)) {
      return `[${index}].from must be a state before node_${node} (${states.join(", ")}), got "${from}"`;
    }
    if (edges.findIndex((edge) => edge.from === from) !== index) {
      return `[${index}].from must differ from the node's other edge, got "${from}" twice`;
    }
  }
  return null;
}

function widthPathFault({ cells, widthFactors, widthPath }: Genotype): string | null {
  if (widthPath.length !== cells.length) {
    return `widthPath must have one width level per layer (${cells.length}), got ${widthPath.length}`;
  }
  for (const [layer, level] of widthPath.entries()) {
    const place = `widthPath[${layer}]`;
    if (level >= widthFactors.length) {
      return `${place} must be below ${widthFactors.length} (the width factors), got ${level}`;
    }
    const before = layer === 0 ? 0 : (widthPath[layer - 1] ?? 0);
    if (Math.abs(level - before) > 1) {
      const from = layer === 0 ? "the stem's level 0" : `level ${before} of the layer before`;
      return `${place} must be at most one level away from ${from}, got ${level}`;
    }
  }
  return null;
}

/** Says what the first of zod's issues means for a reader of the file: `place must ..., got ...`. */
export function shapeFault(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (issue === undefined) throw new Error("shapeFault: a refused genotype must come with at least one issue");
  const place = pathText(issue.path);
  if (issue.code === "unrecognized_keys") return `${place} must not have the key ${issue.keys.join(", ")}`;
  return `${place} ${expectation(issue)}, got ${excerpt(issue.input)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "the genotype" : text.replace(/^\./, "");
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "too_small":
      return issue.origin === "array" ? `must hold at least ${issue.minimum}` : `must be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array" ? `must hold at most ${issue.maximum}` : `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** Shows a value in at most 60 characters. */
function excerpt(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

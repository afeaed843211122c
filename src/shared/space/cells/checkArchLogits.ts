import { LabError } from "#shared/labError.ts";

import type { ArchLogits } from "./archLogits.ts";
import { edgeCount, edgesOf, nodeCountOf } from "./cellGraph.ts";
import { OUTER_SPACES } from "#shared/space/spaces/outerSpaces.ts";
import type { SpaceKind } from "#shared/space/spaces/searchSpace.ts";

/**
 * Checks the shapes and values of logits that came from a file or another process; `place` starts every message.
 * Throws LabError `bad_data`, e.g. `derive: alpha must have 14 rows for 4 nodes in layer 1, got 9`.
 */
export function checkArchLogits(logits: ArchLogits, widthLevels: number, kind: SpaceKind, place: string): void {
  checkPrimitives(logits, place);
  checkAlpha(logits, place);
  checkBeta(logits, widthLevels, kind, place);
  checkEdges(logits, place);
}

function checkPrimitives({ primitives }: ArchLogits, place: string): void {
  if (new Set(primitives).size !== primitives.length) {
    throw badData(place, `primitives must name each primitive once, got ${primitives.join(", ")}`);
  }
  if (primitives.every((primitive) => primitive === "none")) {
    throw badData(place, `primitives must name one besides none, got ${primitives.join(", ") || "an empty list"}`);
  }
}

function checkAlpha({ alpha, primitives }: ArchLogits, place: string): void {
  const edges = alpha[0]?.length;
  if (edges === undefined) throw badData(place, "alpha must have at least 1 layer, got 0");
  const nodes = nodeCountOf(edges);
  if (nodes === null) {
    throw badData(place, `alpha must have 2, 5, 9, 14, ... rows (for 1, 2, 3, 4, ... nodes), got ${edges}`);
  }
  const names = edgesOf(nodes).map(({ from, to }) => `edge ${from} -> ${to}`);
  for (const [layer, rows] of alpha.entries()) {
    if (rows.length !== edges) {
      throw badData(
        place,
        `alpha must have ${edgeCount(nodes)} rows for ${nodes} nodes in layer ${layer}, got ${rows.length}`,
      );
    }
    for (const [edge, row] of rows.entries()) {
      checkRow(row, primitives.length, `alpha of layer ${layer}, ${names[edge]},`, "primitives", place);
    }
  }
}

function checkBeta({ alpha, beta }: ArchLogits, widthLevels: number, kind: SpaceKind, place: string): void {
  if (widthLevels < 1) throw badData(place, "width factors must name at least 1 width level, got 0");
  const { rows, columns } = OUTER_SPACES[kind].betaShape(alpha.length, widthLevels);
  if (beta.length !== rows) {
    throw badData(
      place,
      `beta must have ${rows} rows for ${alpha.length} layers and ${widthLevels} width levels, got ${beta.length}`,
    );
  }
  for (const [router, row] of beta.entries()) {
    checkRow(row, columns.length, `beta of router ${router}`, columns.join(", "), place);
  }
}

function checkEdges({ alpha, edges }: ArchLogits, place: string): void {
  if (edges === undefined) return;
  if (edges.length !== alpha.length) {
    throw badData(place, `edges must have ${alpha.length} rows for as many layers, got ${edges.length}`);
  }
  for (const [layer, row] of edges.entries()) {
    checkRow(row, alpha[layer]?.length ?? 0, `edges of layer ${layer}`, "rows of alpha", place);
  }
}

function checkRow(row: readonly number[], columns: number, what: string, names: string, place: string): void {
  if (row.length !== columns)
    throw badData(place, `${what} must have ${columns} columns (${names}), got ${row.length}`);
  const bad = row.find((logit) => !Number.isFinite(logit));
  if (bad !== undefined) throw badData(place, `${what} must hold finite numbers, got ${bad}`);
}

function badData(place: string, message: string): LabError {
  return new LabError("bad_data", `${place}: ${message}`);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { stateNames } from "#shared/space/cells/cellGraph.ts";
import { type Box, type CellLayout, layoutCell } from "#shared/space/drawing/cellLayout.ts";
import type { Point } from "#shared/space/drawing/svg.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { GenotypeCell } from "#shared/space/cells/genotype.ts";
import { genotypes } from "#tests/shared/space/arbitraries.ts";

const sizes = { end: { width: 78, height: 44 }, node: { width: 166, height: 58 } };
const cells = genotypes.map((genotype) => genotype.cells[0]?.nodes ?? []);

function boxesOf(nodes: GenotypeCell["nodes"], layout: CellLayout): Box[] {
  return [...stateNames(nodes.length).map(layout.boxOf), layout.output];
}

function linesOf(nodes: GenotypeCell["nodes"], layout: CellLayout): { from: Box; to: Box; route: readonly Point[] }[] {
  const line = (from: StateName, to: StateName | "output"): { from: Box; to: Box; route: readonly Point[] } => ({
    from: layout.boxOf(from),
    to: to === "output" ? layout.output : layout.boxOf(to),
    route: layout.routeOf(from, to),
  });
  return nodes.flatMap((edges, node) => [
    ...edges.map(({ from }) => line(from, `node_${node}`)),
    line(`node_${node}`, "output"),
  ]);
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("layout of a cell", () => {
  it("keeps all boxes apart and inside the drawing", () => {
    fc.assert(
      fc.property(cells, (nodes) => {
        const layout = layoutCell(nodes, sizes);
        const boxes = boxesOf(nodes, layout);
        for (const [index, box] of boxes.entries()) {
          expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
          expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width + 1e-9);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height + 1e-9);
        }
      }),
    );
  });

  it("runs every line from left to right, so that a node stands right of all it reads", () => {
    fc.assert(
      fc.property(cells, (nodes) => {
        for (const { from, to, route } of linesOf(nodes, layoutCell(nodes, sizes))) {
          const xs = [from.x + from.width, ...route.map(({ x }) => x), to.x];
          expect(xs).toEqual(xs.toSorted((a, b) => a - b));
          expect(to.x).toBeGreaterThan(from.x + from.width);
        }
      }),
    );
  });

  it("leads no line through a box", () => {
    fc.assert(
      fc.property(cells, (nodes) => {
        const layout = layoutCell(nodes, sizes);
        for (const { route } of linesOf(nodes, layout)) {
          for (const [index, { x, y }] of route.entries()) {
            const next = route[index + 1];
            if (index % 2 === 1 || next === undefined) continue;
            const stretch = { x, y, width: next.x - x, height: 0 };
            expect(boxesOf(nodes, layout).filter((box) => overlap(stretch, box))).toEqual([]);
          }
        }
      }),
    );
  });

  it("puts both inputs into the first column, s1 above s0", () => {
    fc.assert(
      fc.property(cells, (nodes) => {
        const layout = layoutCell(nodes, sizes);
        expect(layout.boxOf("s1").x).toBe(0);
        expect(layout.boxOf("s0").x).toBe(0);
        expect(layout.boxOf("s1").y).toBeLessThan(layout.boxOf("s0").y);
      }),
    );
  });
});

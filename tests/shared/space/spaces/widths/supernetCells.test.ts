import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { edgeCount } from "#shared/space/cells/cellGraph.ts";
import { PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { supernetCells } from "#shared/space/spaces/widths/supernetCells.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";
import { channelsOfLevel, MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

const anySpace: fc.Arbitrary<SearchSpace> = fc
  .record({
    layers: fc.integer({ min: 1, max: 5 }),
    nodes: fc.integer({ min: 1, max: 4 }),
    filters: fc.integer({ min: 1, max: 5 }),
    widthFactors: fc.constantFrom([1], [1, 2], [1, 1.5, 2], [1, 2, 3, 4]),
    primitives: fc.shuffledSubarray([...PRIMITIVES], { minLength: 2 }),
  })
  .map((sizes) => searchSpaceSchema.parse(sizes));

const cellNames = (space: SearchSpace): string[] => supernetCells(space).map(({ layer, level }) => `${layer}/${level}`);

describe("supernetCells", () => {
  it("lists the eight cells of three layers at three width levels", () => {
    const space = searchSpaceSchema.parse({ layers: 3, widthFactors: [1, 1.5, 2] });
    expect(cellNames(space)).toEqual(["0/0", "0/1", "1/0", "1/1", "1/2", "2/0", "2/1", "2/2"]);
    expect(supernetCells(space).map(({ channels }) => channels)).toEqual([10, 15, 10, 15, 20, 10, 15, 20]);
    expect(supernetCells(space).flatMap(({ layer, widen }) => (widen === null ? [] : [{ layer, ...widen }]))).toEqual([
      { layer: 0, from: 0, filter: "widen_1.conv" },
      { layer: 1, from: 1, filter: "widen_2.conv" },
    ]);
    expect(supernetCells(space).find(({ layer, level }) => layer === 1 && level === 1)?.routes).toEqual([
      { from: 0, router: 1, move: 2, filter: "router.layer_1.width_0.to_1.conv" },
      { from: 1, router: 2, move: 1, filter: "router.layer_1.width_1.to_1.conv" },
    ]);
  });

  it("makes one route of each move that each router can make, from a cell that is there", () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        const cells = supernetCells(space);
        const present = new Set(["-1/0", ...cellNames(space)]);
        const routes = cells.flatMap(({ layer, level, routes: own }) =>
          own.map((route) => ({ layer, level, ...route })),
        );
        const possible = routersOf(space).flatMap(({ layer, level, moves }, router) =>
          MOVES.flatMap((name, move) => (moves[name] ? [`${router}/${move}: ${layer}/${level}`] : [])),
        );
        const made = routes.map(({ router, move, layer, from }) => `${router}/${move}: ${layer}/${from}`);
        expect(made.toSorted()).toEqual(possible.toSorted());
        for (const { layer, from, level, move } of routes) {
          expect(present).toContain(`${layer - 1}/${from}`);
          expect(level - from).toBe(move - 1);
        }
      }),
    );
  });

  it("has a filter of the right size for each route and each widening, and leaves no such filter unread", () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        const output = (level: number): number => space.nodes * channelsOfLevel(space, level);
        const wanted = supernetCells(space).flatMap(({ level, channels, routes, widen }) => [
          ...routes.map(({ filter, from }) => ({ filter, shape: [1, 1, output(from), channels] })),
          ...(widen === null
            ? []
            : [{ filter: widen.filter, shape: [1, 1, channelsOfLevel(space, level - 1), channels] }]),
        ]);
        const given = supernetParameters(space).flatMap(({ name, shape }) =>
          /^(router\.|widen_)/.test(name) ? [{ filter: name, shape }] : [],
        );
        const byName = (a: { filter: string }, b: { filter: string }): number => a.filter.localeCompare(b.filter);
        expect(given.toSorted(byName)).toEqual(wanted.toSorted(byName));
      }),
    );
  });

  it("begins the names of the filters of its own cell, and has each edge once", () => {
    fc.assert(
      fc.property(anySpace, (space) => {
        const cells = supernetCells(space);
        const filters = supernetParameters(space).filter(({ name }) => name.startsWith("cell."));
        for (const { name } of filters) {
          expect(cells.filter(({ prefix }) => name.startsWith(`${prefix}.`)).length).toBe(1);
        }
        for (const { states } of cells) {
          const edges = states.flatMap((state) => state.edges);
          expect(edges.toSorted((a, b) => a - b)).toEqual(Array.from({ length: edgeCount(space.nodes) }, (_, i) => i));
        }
      }),
    );
  });
});

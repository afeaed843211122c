import { at } from "#shared/at.ts";
import { CELL_INPUTS, edgesOf, stateIndex } from "#shared/space/cells/cellGraph.ts";
import { type Primitive, PRIMITIVES } from "#shared/space/cells/primitives.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { levelCountOfLayer, MOVE_STEPS, MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

/** What the picture of a search space shows and changes. */
export type PicturedSpace = Pick<SearchSpace, "kind" | "layers" | "nodes" | "widthFactors" | "primitives">;

const KEYS = ["kind", "layers", "nodes", "widthFactors", "primitives"] as const;

/** Reads the space out of a form's values by dotted path; null while one of them is none. */
export function readPicturedSpace(valueAt: (path: string) => unknown): PicturedSpace | null {
  return checkSpace(Object.fromEntries(KEYS.map((key) => [key, valueAt(`space.${key}`)])));
}

/** Returns a space with changes; null where the settings accept no such space. */
export function changeSpace(space: PicturedSpace, changes: Partial<PicturedSpace>): PicturedSpace | null {
  return checkSpace({ ...space, ...changes });
}

function checkSpace(values: object): PicturedSpace | null {
  const parsed = searchSpaceSchema.safeParse(values);
  return parsed.success ? parsed.data : null;
}

/** What can be had more or fewer of. */
export type Countable = "nodes" | "layers" | "widthFactors";

/** Changes a count by one step, on a U by two layers, so that it stays one; null where the settings accept no such space. */
export function stepSpace(space: PicturedSpace, what: Countable, by: -1 | 1): PicturedSpace | null {
  switch (what) {
    case "nodes":
      return changeSpace(space, { nodes: space.nodes + by });
    case "layers":
      return changeSpace(space, { layers: space.layers + by * (space.kind === "scales" ? 2 : 1) });
    case "widthFactors": {
      const factors = space.widthFactors;
      return changeSpace(space, { widthFactors: by === 1 ? [...factors, nextFactor(space)] : factors.slice(0, -1) });
    }
  }
}

/** As far from the widest as that is from the one before; through resolutions twice as wide, as papers have it. */
function nextFactor({ kind, widthFactors }: PicturedSpace): number {
  const widest = at(widthFactors, widthFactors.length - 1, "width factors");
  const before = widthFactors.at(-2) ?? widest / 2;
  return kind === "resolutions" ? 2 * widest : Number((2 * widest - before).toFixed(3));
}

/** Adds a primitive or takes it away, in the order of the table; null where none would be left besides `none`. */
export function togglePrimitive(space: PicturedSpace, primitive: Primitive): PicturedSpace | null {
  const isThere = space.primitives.includes(primitive);
  return changeSpace(space, {
    primitives: PRIMITIVES.filter((each) => (each === primitive ? !isThere : space.primitives.includes(each))),
  });
}

/** One candidate operation on an edge: between which states, counted from the first input, and how high, 0 lowest to 1. */
export interface Strand {
  readonly id: string;
  readonly primitive: Primitive;
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** Lists every candidate operation on every edge of a cell. */
export function listStrands({ nodes, primitives }: PicturedSpace): readonly Strand[] {
  const highest = Math.max(1, primitives.length - 1);
  return edgesOf(nodes).flatMap(({ from, to }) =>
    primitives.map((primitive, index) => ({
      id: `${from} ${to} ${primitive}`,
      primitive,
      from: stateIndex(from),
      to: stateIndex(to),
      height: index / highest,
    })),
  );
}

/** Names the states of a cell in short: its inputs, and the numbers of its nodes. */
export function shortStates(nodes: number): readonly string[] {
  return [...CELL_INPUTS, ...Array.from({ length: nodes }, (_, node) => String(node))];
}

/** A stop of the trellis: column 0 is the stem, level 0 the narrowest. */
export interface Stop {
  readonly column: number;
  readonly level: number;
}

/** The ways that an architecture can take through the widths. */
export interface Ways {
  readonly stops: readonly Stop[];
  readonly links: readonly (readonly [Stop, Stop])[];
}

/** Lists the stops of a space's trellis and what leads from one to the next; on a U each place may have any width. */
export function listWays(space: PicturedSpace): Ways {
  const { kind, layers, widthFactors } = space;
  const countAt = (layer: number): number =>
    kind === "scales" ? widthFactors.length : levelCountOfLayer(layer, widthFactors.length);
  const stopsAt = (column: number): Stop[] =>
    Array.from({ length: column === 0 ? 1 : countAt(column - 1) }, (_, level) => ({ column, level }));
  const columns = Array.from({ length: layers + 1 }, (_, column) => stopsAt(column));
  return { stops: columns.flat(), links: kind === "scales" ? linkAll(columns) : linkRouters(space) };
}

function linkAll(columns: readonly (readonly Stop[])[]): Ways["links"] {
  return columns
    .slice(1)
    .flatMap((stops, before) =>
      at(columns, before, "columns").flatMap((from) => stops.map((to) => [from, to] as const)),
    );
}

function linkRouters(space: PicturedSpace): Ways["links"] {
  return routersOf(space).flatMap(({ layer, level, moves }) =>
    MOVES.flatMap((move) => {
      const to = { column: layer + 1, level: level + MOVE_STEPS[move] };
      return moves[move] ? [[{ column: layer, level }, to] as const] : [];
    }),
  );
}

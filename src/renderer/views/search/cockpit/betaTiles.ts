import { at } from "#shared/at.ts";
import type { ArchView } from "#shared/space/cells/archView.ts";
import { placeText } from "#shared/space/spaces/scales/places.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What one row of beta weighed at each epoch. */
export interface BetaTile {
  readonly id: string;
  /** What chooses: a router, or a place of a U. */
  readonly name: string;
  /** What is chosen between; `column` is that of beta. */
  readonly lines: readonly { readonly column: number; readonly label: string; readonly values: readonly number[] }[];
}

/** Lists what beta weighed at each epoch, 0..1: moves by router, or on a U the width levels by place. */
export function toBetaTiles(views: readonly ArchView[], space: SearchSpace): readonly BetaTile[] {
  const valuesOf = (row: number, column: number): readonly number[] =>
    views.map(({ moveWeights }) => at(at(moveWeights, row, "rows of beta"), column, "columns of beta"));
  if (space.kind === "scales") {
    return Array.from({ length: space.layers }, (_, place) => ({
      id: String(place),
      name: texts.cockpit.place(place, placeText(place, space.layers)),
      lines: space.widthFactors.map((factor, column) => ({
        column,
        label: texts.cockpit.width(factor),
        values: valuesOf(place, column),
      })),
    }));
  }
  return routersOf(space).map(({ layer, level, moves }, row) => ({
    id: `${layer} ${level}`,
    name: texts.cockpit.router(layer, at(space.widthFactors, level, "width levels")),
    lines: MOVES.flatMap((move, column) =>
      moves[move] ? [{ column, label: texts.cockpit.moves[move], values: valuesOf(row, column) }] : [],
    ),
  }));
}

/** A row of beta over the epochs as a heat map has it. */
export interface BetaRow {
  readonly id: string;
  readonly label: string;
  /** One for each epoch, 0..1. */
  readonly values: readonly number[];
  /** From an equal share, where nothing is decided, to all that a weight can be. */
  readonly range: readonly [number, number];
}

/** Lists every choice of beta with what it weighed at each epoch, and the scale that means the same in every search. */
export function toBetaRows(views: readonly ArchView[], space: SearchSpace): readonly BetaRow[] {
  return toBetaTiles(views, space).flatMap(({ id, name, lines }) =>
    lines.map(({ column, label, values }) => ({
      id: `${id} ${column}`,
      label: texts.cockpit.betaRow(name, label),
      values,
      range: [1 / lines.length, 1],
    })),
  );
}

import { MOVES, type Router } from "#shared/space/spaces/widths/widthLevels.ts";

/** The move weights of one router. */
export interface MoveRow {
  readonly layer: number;
  /** Width factor that the router reads. */
  readonly widthFactor: number;
  /** In the order of `MOVES`, 0..1; null for a move that leads out of the levels. */
  readonly weights: readonly (number | null)[];
}

/** Lists move weights by router, as beta has them. */
export function toMoveRows(
  routers: readonly Router[],
  moveWeights: readonly (readonly number[])[],
  widthFactors: readonly number[],
): readonly MoveRow[] {
  return routers.map(({ layer, level, moves }, row) => ({
    layer,
    widthFactor: widthFactors[level] ?? NaN,
    weights: MOVES.map((move, column) => (moves[move] ? (moveWeights[row]?.[column] ?? null) : null)),
  }));
}

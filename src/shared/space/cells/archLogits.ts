import { edgeCount } from "./cellGraph.ts";
import type { Primitive } from "./primitives.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { MOVES, routersOf } from "#shared/space/spaces/widths/widthLevels.ts";

/**
 * The arch variables as plain data. Identity is by name: `alpha` columns follow `primitives`.
 * `alpha` is `[layers, edges, primitives]` logits (tied alpha is stored once per layer, all equal);
 * `beta` is `[routers, 3]` logits (to narrower, same, wider), routers ordered by layer and then by width level.
 */
export interface ArchLogits {
  readonly primitives: readonly Primitive[];
  readonly alpha: readonly (readonly (readonly number[])[])[];
  readonly beta: readonly (readonly number[])[];
}

/** Every move and primitive starts equal, without noise (the authors' code; DARTS starts from small noise instead). */
const INITIAL_LOGIT = 1;

/** Logit of a move off the edge of the trellis; its softmax is below 1e-21 beside `INITIAL_LOGIT` (the authors' code). */
export const IMPOSSIBLE_LOGIT = -50;

/** Builds the arch variables a search starts from: alpha `[layers, edges, primitives]`, beta `[routers, 3]`. */
export function initArchLogits(space: SearchSpace): ArchLogits {
  return {
    primitives: [...space.primitives],
    alpha: Array.from({ length: space.layers }, () =>
      Array.from({ length: edgeCount(space.nodes) }, () => space.primitives.map(() => INITIAL_LOGIT)),
    ),
    beta: routersOf(space).map(({ moves }) => MOVES.map((move) => (moves[move] ? INITIAL_LOGIT : IMPOSSIBLE_LOGIT))),
  };
}

import { edgeCount } from "./cellGraph.ts";
import { DROPPED_LOGIT, type OpWeightKind } from "./opWeights.ts";
import type { Primitive } from "./primitives.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";

/**
 * The arch variables as plain data. Identity is by name: `alpha` columns follow `primitives`.
 * `alpha` is `[layers, edges, primitives]` logits (tied alpha is stored once per layer, all equal);
 * `beta` is `[routers, 3]` logits (to narrower, same, wider), routers ordered by layer and then by width level; on a U of scales it
 * is `[layers, width levels]`.
 */
export interface ArchLogits {
  readonly primitives: readonly Primitive[];
  /** How alpha becomes op weights; softmax where it is not said. */
  readonly opWeights?: OpWeightKind | undefined;
  readonly alpha: readonly (readonly (readonly number[])[])[];
  readonly beta: readonly (readonly number[])[];
  /** `[layers, edges]` logits of what edges weigh among those into the same node (PC-DARTS); absent where they all weigh the same. */
  readonly edges?: readonly (readonly number[])[] | undefined;
}

/** Every move and primitive starts equal, without noise (the authors' code; DARTS starts from small noise instead). */
const INITIAL_LOGIT = 1;

/** Where a sigmoid is a half: no op is in or out (Fair-DARTS). */
const UNDECIDED_LOGIT = 0;

/**
 * Logit of a move off the edge of the trellis, and of a dropped primitive; its softmax is below 1e-21 beside `INITIAL_LOGIT` (the authors'
 * code).
 */
export const IMPOSSIBLE_LOGIT = DROPPED_LOGIT;

const PLAIN = { opWeights: "softmax", hasEdgeWeights: false } as const;

/** Builds the arch variables a search starts from: alpha `[layers, edges, primitives]`, and beta as its outer space has it. */
export function initArchLogits(
  space: SearchSpace,
  { opWeights, hasEdgeWeights }: { readonly opWeights: OpWeightKind; readonly hasEdgeWeights: boolean } = PLAIN,
): ArchLogits {
  const initial = opWeights === "softmax" ? INITIAL_LOGIT : UNDECIDED_LOGIT;
  return {
    primitives: [...space.primitives],
    ...(opWeights === "softmax" ? {} : { opWeights }),
    alpha: Array.from({ length: space.layers }, () =>
      Array.from({ length: edgeCount(space.nodes) }, () => space.primitives.map(() => initial)),
    ),
    beta: outerSpaceOf(space)
      .possible(space)
      .map((row) => row.map((isPossible) => (isPossible ? INITIAL_LOGIT : IMPOSSIBLE_LOGIT))),
    ...(hasEdgeWeights
      ? { edges: Array.from({ length: space.layers }, () => new Array<number>(edgeCount(space.nodes)).fill(0)) }
      : {}),
  };
}

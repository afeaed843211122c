import { createRandom } from "#shared/random/createRandom.ts";
import type { Batch } from "#shared/image/batches.ts";

import { type SearchStep, walkBack, withPlanes } from "#main/compute/search/supernetStep.ts";

import { dominantEigenvalue } from "./dominantEigenvalue.ts";

/** Logits are of size one; a shorter step would drown in the rounding of 32-bit gradients. */
const POWER_ITERATION = { step: 0.05, mostIterations: 12, tolerance: 0.01 };

/**
 * The dominant eigenvalue of the Hessian of half the loss on a batch with respect to alpha, weights and beta as they are
 * (R-DARTS). Costs two arch walks for each iteration.
 */
export function measureAlphaHessian(search: SearchStep, batch: Batch): number {
  const { config, state } = search;
  const random = createRandom(config.seed, "alpha hessian", state.step);
  const start = Array.from({ length: state.arch.alphaLength }, () => random.gaussian());
  return withPlanes(config, batch, (planes) =>
    dominantEigenvalue(
      (shift) => {
        const moved = state.arch.movedBy(shift);
        const { archGradients } = walkBack(search, planes, state.weights, "arch", state.archWeights(moved));
        if (archGradients === null) throw new Error("search: a walk for arch gradients must give them");
        return moved.alphaGradient(archGradients);
      },
      start,
      POWER_ITERATION,
    ),
  );
}

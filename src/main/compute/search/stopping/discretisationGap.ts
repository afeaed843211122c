import { at } from "#shared/at.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";

import type { Estimate } from "#main/compute/search/estimators/estimators.ts";
import type { SupernetAtWork } from "#main/compute/search/estimators/sharedWeights.ts";
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";

/**
 * Measures how much lower the supernet scores where each edge has its strongest primitive alone; negative where it scores
 * higher. `estimate` is that of the supernet as it is. Null where no score is a number.
 */
export function measureGap(
  search: SupernetAtWork,
  estimator: (search: SupernetAtWork) => Estimate,
  estimate: Estimate,
): number | null {
  const { state, config } = search;
  const archWeights = sharpenOps(state.arch.weights(), config.space.primitives);
  const sharpened = estimator({ ...search, archWeights, show: () => undefined });
  const gap = estimate.validation.score - sharpened.validation.score;
  return Number.isFinite(gap) ? gap : null;
}

/** Gives the strongest primitive of each edge all of its weight, as a derivation would: `none` is never taken, and the first of equals is. */
export function sharpenOps({ op, move }: ArchWeights, primitives: readonly Primitive[]): ArchWeights {
  const weightOf = (row: readonly number[], column: number): number =>
    primitives[column] === "none" ? -Infinity : at(row, column, "op weights");
  const sharpen = (row: readonly number[]): number[] => {
    const best = row.reduce((strongest, _, column) => (weightOf(row, column) > weightOf(row, strongest) ? column : strongest), 0); // prettier-ignore
    // An edge whose primitives are all dropped carries nothing.
    return row.map((weight, column) => (column === best && weight > 0 ? 1 : 0));
  };
  return { op: op.map((layer) => layer.map(sharpen)), move };
}

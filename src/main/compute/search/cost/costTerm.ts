import { assertNever } from "#shared/assertNever.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { MULTIPLY_ADD_PRICES, type Prices } from "#shared/space/graph/prices.ts";
import { type CostTrellis, type CostWeights, expectCost } from "#shared/space/spaces/costTrellis.ts";
import { costTrellisOf } from "#shared/space/spaces/costTrellises.ts";

import { PUBLISHED_LOSS_SCALE } from "#main/compute/learning/denoisingLoss.ts";
import type { ArchWeightGradients, ArchWeights } from "#main/compute/supernet/archLeaves.ts";

/** The cost of the architecture in what a search minimises: loss + weight log(expected cost / target). */
export class CostTerm {
  readonly #trellis: CostTrellis;
  readonly #weight: number;

  constructor(trellis: CostTrellis, weight: number) {
    this.#trellis = trellis;
    this.#weight = weight;
  }

  /** The cost that a network drawn by op and move weights is expected to have, in the unit of the trellis. */
  expect(weights: ArchWeights): number {
    return expectCost(this.#trellis, weights).value;
  }

  /** Adds the term's gradient to that of half the loss, which is halved like it; the target does not matter to it. */
  addTo(gradients: ArchWeightGradients, weights: ArchWeights): void {
    const { value, gradient } = expectCost(this.#trellis, weights);
    const factor = (PUBLISHED_LOSS_SCALE * this.#weight) / value;
    gradients.op.forEach((layer, l) => layer.forEach((row, e) => addRow(row, gradient.op[l]?.[e], factor)));
    gradients.move.forEach((row, r) => addRow(row, gradient.move[r], factor));
  }
}

/** Opens the cost term of a search; null where its settings have none. `latency` are the prices by a table, where that is the cost. */
export function openCostTerm({ space, search }: SearchConfig, latency: Prices | null = null): CostTerm | null {
  const { cost } = search;
  const open = (prices: Prices, weight: number): CostTerm => new CostTerm(costTrellisOf(space, prices), weight);
  switch (cost.kind) {
    case "none":
      return null;
    case "multiplyAdds":
      return open(MULTIPLY_ADD_PRICES, cost.weight);
    case "latency":
      if (latency === null) throw new Error("search: the cost latency needs a table of latencies");
      return open(latency, cost.weight);
    default:
      return assertNever(cost);
  }
}

function addRow(row: number[], slopes: CostWeights["move"][number] | undefined, factor: number): void {
  if (slopes?.length !== row.length) {
    throw new Error(
      `search: the gradient of the cost must have ${row.length} numbers, got ${slopes?.length ?? "none"}`,
    );
  }
  slopes.forEach((slope, index) => (row[index] = (row[index] ?? 0) + factor * slope));
}

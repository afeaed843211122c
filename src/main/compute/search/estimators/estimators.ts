import type { SearchConfig } from "#shared/runs/config.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";

import { estimateBySharedWeights } from "./sharedWeights.ts";
import type { SupernetAtWork } from "./sharedWeights.ts";

/** What an estimator says of the architecture that a search stands at. */
export interface Estimate {
  readonly validation: ValidationScore;
  /** Share of the estimator's full effort that the score rests on, 0..1. */
  readonly fidelity: number;
}

type EstimatorKind = SearchConfig["search"]["estimator"]["kind"];

/** How each estimator scores. */
export const ESTIMATORS: Readonly<Record<EstimatorKind, (search: SupernetAtWork) => Estimate>> = {
  shared_weights: estimateBySharedWeights,
};

import { LabError } from "#shared/labError.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { CandidateEstimatorSettings } from "#shared/runs/estimatorSchema.ts";
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
type EstimateSupernet = (search: SupernetAtWork) => Estimate;

/** How each estimator scores a supernet at work; those that score an architecture by itself are in candidateEstimators.ts. */
const ESTIMATORS: Readonly<Record<Exclude<EstimatorKind, CandidateEstimatorSettings["kind"]>, EstimateSupernet>> = {
  shared_weights: estimateBySharedWeights,
};

/** Finds how an estimator scores a supernet. Throws LabError bad_config for one that scores architectures by themselves. */
export function supernetEstimatorOf({ search }: SearchConfig): EstimateSupernet {
  const { kind } = search.estimator;
  if (kind === "shared_weights") return ESTIMATORS[kind];
  throw new LabError("bad_config", `search.estimator.kind must be shared_weights for a supernet, got ${kind}`);
}

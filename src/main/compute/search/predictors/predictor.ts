/** What a predictor learns from: what an architecture has, and its score. */
export interface Example {
  readonly features: readonly string[];
  readonly score: number;
}

/** Foretells the score of an architecture from what it has. */
export type Predict = (features: readonly string[]) => { readonly mean: number; readonly deviation: number };

/** Scores with mean 0 and deviation 1, and the way back. */
export interface Standardised {
  readonly values: readonly number[];
  readonly back: (mean: number, deviation: number) => { readonly mean: number; readonly deviation: number };
}

/** Brings scores to mean 0 and deviation 1; equal ones stay at 0. */
export function standardise(scores: readonly number[]): Standardised {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length) || 1;
  return {
    values: scores.map((score) => (score - mean) / deviation),
    back: (value, spread) => ({ mean: mean + deviation * value, deviation: deviation * spread }),
  };
}

/** Columns of features by name: those that an example has and another lacks, for the others tell nothing. */
export function nameColumns(examples: readonly Example[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { features } of examples) {
    for (const feature of new Set(features)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const telling = [...counts].flatMap(([feature, count]) => (count < examples.length ? [feature] : []));
  return new Map(telling.map((feature, column) => [feature, column]));
}

import type { EvaluationSummary } from "#shared/api/evaluations.ts";

/** Evaluations laid out as test sets by noise; null where there is none. */
export interface EvaluationGrid {
  readonly noises: readonly string[];
  readonly rows: readonly {
    /** The data set. */
    readonly id: string;
    readonly cells: readonly (EvaluationSummary | null)[];
  }[];
}

/** Lays evaluations out with the newest one of each test set and noise; `all` is newest first. */
export function buildEvaluationGrid(all: readonly EvaluationSummary[]): EvaluationGrid {
  const noises = [...new Set(all.map(({ recipe }) => recipe.noise))].sort(byNumbers);
  const datasets = [...new Set(all.map(({ dataset }) => dataset))].sort(byNumbers);
  const rows = datasets.map((id) => ({
    id,
    cells: noises.map((noise) => all.find((each) => each.dataset === id && each.recipe.noise === noise) ?? null),
  }));
  return { noises, rows };
}

/** `gaussian-15` comes before `gaussian-100`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

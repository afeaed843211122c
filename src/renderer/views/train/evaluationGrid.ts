import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import { type BaselineFigure, listBaselineFigures } from "#shared/runs/baselineFigures.ts";
import { formatHow } from "#renderer/format/recipes.ts";

/** Evaluations by one way of measuring laid out as test sets by noise; null where there is none. */
export interface EvaluationGrid {
  /** What sets the way of measuring apart, in words; empty for whole pictures with one draw of noise. */
  readonly how: string;
  readonly noises: readonly string[];
  readonly rows: readonly {
    /** The data set. */
    readonly id: string;
    readonly cells: readonly (EvaluationSummary | null)[];
    /** What is known of classical methods on the same tests. */
    readonly baselines: readonly {
      readonly name: string;
      readonly figures: readonly (BaselineFigure | null)[];
    }[];
  }[];
}

/**
 * Lays evaluations out with the newest one of each test set and noise, a grid for each way of measuring, for figures of
 * different ways never stand in one grid; `all` is newest first.
 */
export function buildEvaluationGrids(all: readonly EvaluationSummary[]): readonly EvaluationGrid[] {
  const groups = Map.groupBy(all, ({ recipe }) => formatHow(recipe));
  return [...groups].sort(([a], [b]) => byNumbers(a, b)).map(([how, group]) => buildGrid(how, group));
}

function buildGrid(how: string, all: readonly EvaluationSummary[]): EvaluationGrid {
  const noises = [...new Set(all.map(({ recipe }) => recipe.noise))].sort(byNumbers);
  const datasets = [...new Set(all.map(({ dataset }) => dataset))].sort(byNumbers);
  const rows = datasets.map((id) => {
    const cells = noises.map((noise) => all.find((each) => each.dataset === id && each.recipe.noise === noise) ?? null);
    const known = cells.map((cell) => (cell === null ? [] : listBaselineFigures(cell)));
    const names = [...new Set(known.flat().map(({ name }) => name))];
    const baselines = names.map((name) => ({
      name,
      figures: known.map((figures) => figures.find((figure) => figure.name === name) ?? null),
    }));
    return { id, cells, baselines };
  });
  return { how, noises, rows };
}

/** `gaussian-15` comes before `gaussian-100`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

import type { EvaluationSummary, TrainedModel } from "#shared/api/evaluations.ts";
import { formatChannels, formatTest } from "#renderer/format/recipes.ts";
import { texts } from "#renderer/texts/texts.ts";

import { toTestKey } from "./figureRows.ts";

/** A measured network as a point. */
export interface NetworkPoint extends CostPoint {
  readonly runId: string;
  readonly name: string;
}

/** By what networks are measured: a test set with a recipe, or the best validation on a data set with a noise. */
export interface Measure {
  readonly value: string;
  readonly label: string;
  readonly note: string;
  readonly points: readonly NetworkPoint[];
}

/** Lists by what networks can be measured, each with its points; those with most of the wanted networks first. */
export function listMeasures(
  models: readonly TrainedModel[],
  evaluations: readonly EvaluationSummary[],
  wanted: ReadonlySet<string>,
): readonly Measure[] {
  const measures = [...listTests(models, evaluations), ...listValidations(models)];
  const countOf = ({ points }: Measure): number => points.filter(({ runId }) => wanted.has(runId)).length;
  return measures.toSorted((a, b) => countOf(b) - countOf(a));
}

/** Splits points into those that no other beats and the rest. */
export function splitByFront(points: readonly NetworkPoint[]): {
  readonly front: readonly NetworkPoint[];
  readonly isOnFront: (runId: string) => boolean;
} {
  const front = findParetoFront(points);
  const ids = new Set(front.map(({ runId }) => runId));
  return { front, isOnFront: (runId) => ids.has(runId) };
}

/** The newest evaluation of each network counts. */
function listTests(models: readonly TrainedModel[], evaluations: readonly EvaluationSummary[]): readonly Measure[] {
  const known = new Map(models.map((model) => [model.runId, model]));
  const tests = new Map(evaluations.map((each) => [toTestKey(each), each]));
  return [...tests].map(([value, { dataset, recipe }]) => {
    const newest = new Map<string, NetworkPoint>();
    for (const each of evaluations) {
      if (toTestKey(each) !== value || newest.has(each.runId) || !known.has(each.runId)) continue;
      const { runId, runName: name, parameters, mean } = each;
      newest.set(runId, { runId, name, parameters, psnrDb: mean.denoised.psnrDb });
    }
    const label = texts.compare.wall.fromEvaluation(dataset, formatTest(recipe));
    return { value, label, note: recipe.name, points: [...newest.values()] };
  });
}

function listValidations(models: readonly TrainedModel[]): readonly Measure[] {
  const validated = models.flatMap(({ runId, name, parameters, best, dataset, noise, imageChannels }) =>
    best === null
      ? []
      : [
          {
            group: `${dataset}, ${noise}, ${formatChannels(imageChannels)}`,
            point: { runId, name, parameters, psnrDb: best.psnrDb },
          },
        ],
  );
  const groups = Map.groupBy(validated, ({ group }) => group);
  return [...groups].map(([group, members]) => ({
    value: `validation ${group}`,
    label: `${texts.compare.scatterValidation}: ${group}`,
    note: "",
    points: members.map(({ point }) => point),
  }));
}

/** A network as a point: smaller and better is what one wants. */
export interface CostPoint {
  readonly parameters: number;
  readonly psnrDb: number;
}

/** Returns the points that no other beats: none is as good with fewer parameters, or better with as many; by parameters. */
export function findParetoFront<P extends CostPoint>(points: readonly P[]): readonly P[] {
  const front: P[] = [];
  let best = -Infinity;
  for (const point of points.toSorted((a, b) => a.parameters - b.parameters || b.psnrDb - a.psnrDb)) {
    if (point.psnrDb <= best) continue;
    best = point.psnrDb;
    front.push(point);
  }
  return front;
}

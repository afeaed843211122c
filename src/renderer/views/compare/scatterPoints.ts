import type { EvaluationSummary, Model } from "#shared/api/evaluations.ts";
import { formatChannels, formatTest } from "#renderer/format/recipes.ts";
import { texts } from "#renderer/texts/texts.ts";

import { AXES, type AxisName } from "./axes.ts";
import { toTestKey } from "./figureRows.ts";

/** A measured network: its figures by name, null for what was not measured. */
export interface MeasuredNetwork extends Readonly<Record<AxisName, number | null>> {
  /** As evaluations name a network: the training, or the id of one with a card. */
  readonly runId: string;
  readonly name: string;
}

/** A measured network as a point. */
export interface NetworkPoint {
  readonly runId: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** By what networks are measured: a test set with a recipe, or the best validation on a data set with a noise. */
export interface Measure {
  readonly value: string;
  readonly label: string;
  readonly note: string;
  readonly networks: readonly MeasuredNetwork[];
}

/** The axes of a picture. */
export interface AxisPair {
  readonly x: AxisName;
  readonly y: AxisName;
}

/** Lists by what networks can be measured, each with what it measured; those with most of the wanted networks first. */
export function listMeasures(
  models: readonly Model[],
  evaluations: readonly EvaluationSummary[],
  wanted: ReadonlySet<string>,
): readonly Measure[] {
  const measures = [...listTests(models, evaluations), ...listValidations(models)];
  const countOf = ({ networks }: Measure): number => networks.filter(({ runId }) => wanted.has(runId)).length;
  return measures.toSorted((a, b) => countOf(b) - countOf(a));
}

/** Sets networks on two axes, from left to right; those that lack a figure are left out. */
export function toPoints({ networks }: Pick<Measure, "networks">, axes: AxisPair): readonly NetworkPoint[] {
  const points = networks.flatMap(({ runId, name, [axes.x]: x, [axes.y]: y }) =>
    x === null || y === null ? [] : [{ runId, name, x, y }],
  );
  return points.toSorted((a, b) => a.x - b.x);
}

/** Splits points into those that no other beats and the rest. */
export function splitByFront(
  points: readonly NetworkPoint[],
  axes: AxisPair,
): {
  readonly front: readonly NetworkPoint[];
  readonly isOnFront: (runId: string) => boolean;
} {
  const front = findParetoFront(points, axes);
  const ids = new Set(front.map(({ runId }) => runId));
  return { front, isOnFront: (runId) => ids.has(runId) };
}

/** The newest evaluation of each network counts. */
function listTests(models: readonly Model[], evaluations: readonly EvaluationSummary[]): readonly Measure[] {
  const known = new Map(models.map((model) => [model.id, model]));
  const tests = new Map(evaluations.map((each) => [toTestKey(each), each]));
  return [...tests].map(([value, { dataset, recipe }]) => {
    const newest = new Map<string, MeasuredNetwork>();
    for (const each of evaluations) {
      const model = known.get(each.runId);
      if (toTestKey(each) !== value || newest.has(each.runId) || model === undefined) continue;
      newest.set(each.runId, toNetwork(each, model));
    }
    const label = texts.compare.wall.fromEvaluation(dataset, formatTest(recipe));
    return { value, label, note: recipe.name, networks: [...newest.values()] };
  });
}

function toNetwork(evaluation: EvaluationSummary, { receptiveFieldPx }: Model): MeasuredNetwork {
  const { runId, runName: name, parameters, multiplyAddsPerPixel, peakResidentMb, mean } = evaluation;
  const { psnrDb, ssim, haarPsi = null } = mean.denoised;
  const secondsPerMegapixel = evaluation.megapixelsPerSecond > 0 ? 1 / evaluation.megapixelsPerSecond : null;
  const costs = { parameters, multiplyAddsPerPixel, receptiveFieldPx, secondsPerMegapixel, peakResidentMb };
  return { runId, name, ...costs, psnrDb, ssim, haarPsi };
}

function listValidations(models: readonly Model[]): readonly Measure[] {
  const validated = models.flatMap(({ best, dataset, noise, imageChannels, ...model }) => {
    if (best === null) return [];
    const { id: runId, name, parameters, multiplyAddsPerPixel, receptiveFieldPx } = model;
    const costs = {
      parameters,
      multiplyAddsPerPixel,
      receptiveFieldPx,
      secondsPerMegapixel: null,
      peakResidentMb: null,
    };
    const network = { runId, name, ...costs, psnrDb: best.psnrDb, ssim: best.ssim, haarPsi: null };
    return [{ group: `${dataset}, ${noise}, ${formatChannels(imageChannels)}`, network }];
  });
  const groups = Map.groupBy(validated, ({ group }) => group);
  return [...groups].map(([group, members]) => ({
    value: `validation ${group}`,
    label: `${texts.compare.scatterValidation}: ${group}`,
    note: "",
    networks: members.map(({ network }) => network),
  }));
}

/**
 * Returns the points that no other beats: none is as good on one axis and better on the other; from left to right. Of points
 * in the same place the first is returned.
 */
export function findParetoFront<P extends Pick<NetworkPoint, "x" | "y">>(
  points: readonly P[],
  axes: AxisPair,
): readonly P[] {
  const signOf = (name: AxisName): number => (AXES[name].isCost ? 1 : -1);
  const [ofX, ofY] = [signOf(axes.x), signOf(axes.y)];
  const front: P[] = [];
  let best = Infinity;
  for (const point of points.toSorted((a, b) => (a.x - b.x) * ofX || (a.y - b.y) * ofY)) {
    if (point.y * ofY >= best) continue;
    best = point.y * ofY;
    front.push(point);
  }
  return front.toSorted((a, b) => a.x - b.x);
}

import type { SearchCost } from "#shared/runs/costSchema.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import type { Stopping } from "#shared/runs/stoppingSchema.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { toExpectedCost, type ToCurves } from "#renderer/run/stepCurves.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Draws the cost that a search expects of its network, and the target, which is what it began with where none is set. */
export function drawCost(cost: SearchCost): ToCurves {
  return (history, axis) => {
    const { expectedCost } = history.steps;
    const set = cost.kind === "none" ? null : cost.target;
    const target = set ?? expectedCost.find((value) => value !== null);
    if (target === undefined) return [];
    return [
      ...toExpectedCost(history, axis),
      drawLevel("target", texts.cockpit.costTarget, axis.ofSteps(history), target),
    ];
  };
}

/** What a search measured after its epochs, and where each epoch stands on the axis. */
export interface Measured {
  readonly measures: readonly EventOf<"measure">[];
  readonly x: readonly number[];
  readonly stopping: Stopping;
}

/** A chart of what was measured after each epoch. */
interface WatchChart {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly curves: readonly Curve[];
}

/** Lists the charts of what was measured; none of what never was. `colours` tell the layers apart. */
export function drawMeasures(measured: Measured, colours: readonly string[]): readonly WatchChart[] {
  const words = texts.cockpit;
  const eigenvalues = drawSeldom(measured, "eigenvalue", words.dominant, "var(--accent)");
  const gaps = drawSeldom(measured, "gap", words.gapOf, "var(--accent)");
  const charts = [
    { id: "skips", title: words.skipsByCell, note: "", curves: drawSkips(measured, colours) },
    { id: "stable", title: words.stableRank, note: words.stableRankNote, curves: drawStableEpochs(measured) },
    { id: "eigenvalue", title: words.eigenvalue, note: words.eigenvalueNote, curves: eigenvalues },
    { id: "gap", title: words.gap, note: words.gapNote, curves: gaps },
  ];
  return measured.measures.length === 0 ? [] : charts.filter(({ curves }) => curves.length > 0);
}

function drawSkips({ measures, x, stopping }: Measured, colours: readonly string[]): readonly Curve[] {
  const layers = (measures.at(-1)?.skips ?? []).map((_, layer): Curve => ({
    id: `layer-${layer}`,
    label: texts.cockpit.skipsOf(layer),
    colour: colours[layer % colours.length] ?? "var(--calm)",
    hasDots: true,
    x,
    y: measures.map(({ skips }) => skips[layer] ?? null),
  }));
  const limit = stopping.kind === "skips" ? [drawLevel("limit", texts.cockpit.stopsAbove, x, stopping.limit)] : [];
  return [...layers, ...limit];
}

function drawStableEpochs({ measures, x, stopping }: Measured): readonly Curve[] {
  const y = measures.map(({ stableEpochs }) => stableEpochs);
  const own: Curve = { id: "stable", label: texts.cockpit.stableEpochs, colour: "var(--accent)", hasDots: true, x, y };
  return stopping.kind === "stableRank" ? [own, drawLevel("limit", texts.cockpit.stopsAt, x, stopping.epochs)] : [own];
}

/** Only the epochs in which it was measured, so that a line joins them. */
function drawSeldom(
  { measures, x }: Measured,
  measure: "eigenvalue" | "gap",
  label: string,
  colour: string,
): readonly Curve[] {
  const points = measures.flatMap((event, index) => {
    const [at, value] = [x[index], event[measure]];
    return at === undefined || value === null ? [] : [{ at, value }];
  });
  if (points.length === 0) return [];
  return [
    { id: measure, label, colour, hasDots: true, x: points.map(({ at }) => at), y: points.map(({ value }) => value) },
  ];
}

/** A dashed line at one height along `x`. */
function drawLevel(id: string, label: string, x: readonly number[], height: number): Curve {
  return { id, label, colour: "var(--bad)", isDashed: true, x, y: x.map(() => height) };
}

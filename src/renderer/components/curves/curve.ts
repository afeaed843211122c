import { toCsv } from "#shared/csv.ts";

/** One line of a chart. `x` grows; a null in `y` is a value that was not measured. */
export interface Curve {
  /** Unique in its chart. */
  readonly id: string;
  readonly label: string;
  /** Any CSS colour; a custom property by `var(--name)`. */
  readonly colour: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** Dots for what is measured seldom, a line for what is measured all the time. */
  readonly hasDots?: boolean;
  readonly isDashed?: boolean;
  /** Draws large dots and no line between them, for things that do not follow each other. */
  readonly isScattered?: boolean;
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** Pairs what a curve measured; values that are not finite are left out. */
export function pointsOf(x: readonly number[], y: readonly (number | null)[]): ChartPoint[] {
  const points: ChartPoint[] = [];
  for (const [index, at] of x.entries()) {
    const value = y[index];
    if (value !== undefined && value !== null && Number.isFinite(value)) points.push({ x: at, y: value });
  }
  return points;
}

/** Returns the last value of a curve that was measured up to an x; its newest where that is null, NaN where there is none. */
export function valueUpTo({ x, y }: Pick<Curve, "x" | "y">, end: number | null): number {
  return y.findLast((value, index) => value !== null && (end === null || (x[index] ?? Infinity) <= end)) ?? NaN;
}

/** Writes the raw values of curves as CSV, one value a line: which curve, where, how much. */
export function curvesToCsv(curves: readonly Curve[], xName: string): string {
  const rows = curves.flatMap(({ label, x, y }) => x.map((at, index) => [label, at, y[index] ?? null]));
  return toCsv(["metric", xName, "value"], rows);
}

/** Part of a chart's axis. */
export interface ZoomRange {
  readonly from: number;
  readonly to: number;
}

/** Returns the last part of what curves span, e.g. the last tenth for a share of 0.1; null where they span nothing. */
export function toLastPart(curves: readonly Pick<Curve, "x">[], share: number): ZoomRange | null {
  const from = Math.min(...curves.map(({ x }) => x[0] ?? Infinity));
  const to = Math.max(...curves.map(({ x }) => x.at(-1) ?? -Infinity));
  return from < to ? { from: to - share * (to - from), to } : null;
}

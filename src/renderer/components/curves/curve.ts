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

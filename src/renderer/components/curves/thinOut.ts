import type { ChartPoint, Curve } from "./curve.ts";

/** How a curve is shown. */
export interface CurveLook {
  /** The range of x in sight. */
  readonly from: number;
  readonly to: number;
  /** So many stretches of equal width, about as wide as a line is thick. */
  readonly columns: number;
  /** 0..0.99. */
  readonly smoothing: number;
  /** A log axis has no place for what is not above zero. */
  readonly isLog: boolean;
}

/**
 * Smooths a curve and keeps of it what can be seen: of each column the lowest and the highest value, in their order, so
 * that no peak is lost, the newest value, and one value beyond each end, so that lines reach the frame: at most
 * `2 * columns + 3` points. Values that were not measured or are not finite are passed over.
 */
export function thinOut({ x, y }: Pick<Curve, "x" | "y">, look: CurveLook): ChartPoint[] {
  const { from, to, columns, smoothing, isLog } = look;
  const smoothen = createSmoother(smoothing);
  const left = Math.max(from, x[0] ?? 0);
  const span = Math.min(to, x.at(-1) ?? 0) - left;
  const points = createColumns();
  for (let index = 0; index < x.length; index++) {
    const raw = y[index];
    if (raw === undefined || raw === null || !Number.isFinite(raw)) continue;
    const value = smoothen(raw);
    if (isLog && value <= 0) continue;
    const at = x[index] ?? 0;
    const column = span > 0 ? Math.min(columns - 1, Math.floor(((at - left) / span) * columns)) : 0;
    if (at < from) points.setFirst(at, value);
    else points.add(at > to ? columns : column, at, value);
    if (at > to) break;
  }
  return points.end();
}

/** Gathers points column by column; nothing is created for a point that is not kept. */
function createColumns() {
  const kept: ChartPoint[] = [];
  let current = -1;
  let [firstX, firstY] = [NaN, NaN];
  let [lowX, lowY, highX, highY, lastX, lastY] = [NaN, NaN, NaN, NaN, NaN, NaN];
  const close = (): void => {
    if (current === -1) return;
    if (lowX < highX) kept.push({ x: lowX, y: lowY }, { x: highX, y: highY });
    else if (highX < lowX) kept.push({ x: highX, y: highY }, { x: lowX, y: lowY });
    else kept.push({ x: lowX, y: lowY });
  };
  return {
    /** What lies before the range; the nearest stays. */
    setFirst: (x: number, y: number): void => {
      [firstX, firstY] = [x, y];
    },
    add: (column: number, x: number, y: number): void => {
      if (column !== current) {
        close();
        current = column;
        [lowX, lowY, highX, highY] = [x, y, x, y];
      } else if (y < lowY) [lowX, lowY] = [x, y];
      else if (y > highY) [highX, highY] = [x, y];
      [lastX, lastY] = [x, y];
    },
    end: (): ChartPoint[] => {
      close();
      const last = kept.at(-1);
      if (last !== undefined && last.x < lastX) kept.push({ x: lastX, y: lastY });
      return Number.isNaN(firstX) ? kept : [{ x: firstX, y: firstY }, ...kept];
    },
  };
}

/**
 * Smooths values one after the other by an exponential average whose start is corrected for its bias towards zero: the
 * k-th result is `(1 - f) * sum f^(k-i) v_i / (1 - f^k)`. `factor` is 0..0.99; 0 changes nothing.
 */
export function createSmoother(factor: number): (value: number) => number {
  let [sum, weight] = [0, 0];
  return (value) => {
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  };
}

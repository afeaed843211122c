import type { ChartPoint } from "./curve.ts";

/**
 * Keeps at most about `most` points of what lies between `from` and `to` (and one beyond each end, so that lines reach the frame):
 * of each of `most / 2` equal stretches the lowest and the highest, in their order, so that no peak is lost. `points` are
 * ordered by x.
 */
export function thinOut(points: readonly ChartPoint[], from: number, to: number, most: number): ChartPoint[] {
  const first = Math.max(0, firstAtOrAfter(points, from) - 1);
  const last = Math.min(points.length, firstAtOrAfter(points, to) + 1);
  if (last - first <= most) return points.slice(first, last);
  const stretches = Math.max(1, Math.floor(most / 2));
  const size = (last - first) / stretches;
  return Array.from({ length: stretches }, (_, index) =>
    extremes(points, first + Math.floor(index * size), first + Math.floor((index + 1) * size)),
  ).flat();
}

function extremes(points: readonly ChartPoint[], from: number, to: number): ChartPoint[] {
  let low = points[from];
  let high = points[from];
  if (low === undefined || high === undefined) return [];
  for (let index = from + 1; index < to; index++) {
    const point = points[index];
    if (point === undefined) break;
    if (point.y < low.y) low = point;
    if (point.y > high.y) high = point;
  }
  if (low === high) return [low];
  return low.x < high.x ? [low, high] : [high, low];
}

function firstAtOrAfter(points: readonly ChartPoint[], x: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

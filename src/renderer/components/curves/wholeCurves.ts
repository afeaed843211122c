import type { Curve } from "./curve.ts";

/** Continues curves of which everything is known up to some point by what has come since. */
export function continueCurves(whole: readonly Curve[], live: readonly Curve[]): readonly Curve[] {
  return live.map((curve) => {
    const known = whole.find(({ id }) => id === curve.id);
    if (known === undefined) return curve;
    const last = known.x.at(-1) ?? -Infinity;
    const first = curve.x.findLastIndex((at) => at <= last) + 1;
    return { ...curve, x: [...known.x, ...curve.x.slice(first)], y: [...known.y, ...curve.y.slice(first)] };
  });
}

/** One x with the values of the curves that were measured there. */
export type CurveRow = readonly [x: number, values: ReadonlyMap<string, number>];

/** Gathers what curves measured at the same x, newest first: the first `most` rows, and how many there are. */
export function toNewestRows(curves: readonly Curve[], most: number): { rows: CurveRow[]; count: number } {
  const ends = curves.map((curve) => findEnd(curve));
  const rows: CurveRow[] = [];
  let count = 0;
  for (;;) {
    const x = Math.max(...ends.map((end, index) => curves[index]?.x[end] ?? -Infinity));
    if (x === -Infinity) return { rows, count };
    const values = count < most ? new Map<string, number>() : null;
    for (const [index, curve] of curves.entries()) {
      // Curves that have a value here move on to the one before.
      for (let end = ends[index] ?? -1; curve.x[end] === x; end = ends[index] ?? -1) {
        if (values?.has(curve.id) === false) values.set(curve.id, curve.y[end] ?? NaN);
        ends[index] = findEnd(curve, end);
      }
    }
    if (values !== null) rows.push([x, values]);
    count++;
  }
}

/** The last value that was measured before an index. */
function findEnd({ x, y }: Curve, before: number = x.length): number {
  let end = before - 1;
  while (end >= 0 && (y[end] ?? null) === null) end--;
  return end;
}

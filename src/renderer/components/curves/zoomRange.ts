import type { Curve } from "./curve.ts";

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

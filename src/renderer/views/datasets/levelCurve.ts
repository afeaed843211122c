import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Draws the noise of each part of the range, dark first, at the part's middle; null where fewer than two parts have a figure. */
export function toLevelCurve(levels255: readonly (number | null)[]): Curve | null {
  const points = levels255.flatMap((deviation, index) =>
    deviation === null ? [] : [{ x: Math.round((255 * (index + 0.5)) / levels255.length), y: deviation }],
  );
  if (points.length < 2) return null;
  return {
    id: "levels",
    label: texts.datasets.large.deviation,
    colour: "var(--accent)",
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    hasDots: true,
  };
}

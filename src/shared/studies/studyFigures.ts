import type { ThemeName } from "#shared/space/drawing/primitiveColours.ts";
import { drawBands } from "#shared/space/drawing/drawBands.ts";

import type { StudyResults } from "./studyResults.ts";

/** Long names would run out of the legend. */
const LONGEST_NAME = 24;

/** Draws each arm's best score so far over the hours of its searches as a whole SVG; null before any score. */
export function drawAnytimeCurves(
  { curves, hours }: Pick<StudyResults, "curves" | "hours">,
  title: string,
  theme: ThemeName,
): string | null {
  const lows = curves.flatMap(({ points }) => points.flatMap((point) => (point === null ? [] : [point.low])));
  if (lows.length === 0) return null;
  const unit = (hours.at(-1) ?? 0) < 1 ? { name: "minutes", factor: 60 } : { name: "hours", factor: 1 };
  return drawBands({
    title,
    theme,
    xLabel: `${unit.name} at work, all seeds of an arm; the band is the 95 % interval of the mean`,
    xText: (index) => ((hours[index] ?? 0) * unit.factor).toPrecision(3),
    low: Math.min(...lows),
    series: curves.map(({ arm, points }) => ({ name: shorten(arm), points })),
  });
}

function shorten(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

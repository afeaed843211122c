import type { FigureRow } from "./figureRows.ts";

export interface Delta {
  readonly text: string;
  readonly tone: "good" | "bad" | "even";
}

/** Returns how a figure differs from the baseline's, in words and whether that is good; null where there is nothing to say. */
export function toDelta({ values, better, format }: FigureRow, index: number, baseline: number): Delta | null {
  const [value, reference] = [values[index], values[baseline]];
  if (index === baseline || value == null || reference == null) return null;
  const more = value - reference;
  const size = format(Math.abs(more));
  // What is not seen in the figure is no difference.
  if (more === 0 || size === format(0)) return { text: "±0", tone: "even" };
  const text = `${more > 0 ? "+" : "−"}${size}`;
  if (better === "neither") return { text, tone: "even" };
  return { text, tone: more > 0 === (better === "more") ? "good" : "bad" };
}

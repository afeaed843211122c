import type { Scale } from "chart.js";
import { describe, expect, it } from "vitest";

import { buildLineChartOptions } from "#renderer/components/curves/lineChartOptions.ts";

const LOOK = {
  xLabel: "Candidate",
  yLabel: "Score",
  xEnd: 10,
  yRange: null,
  isLog: false,
  isScatter: true,
  formatX: String,
  formatY: String,
  textColour: "#000",
  gridColour: "#000",
  surfaceColour: "#000",
  bodyColour: "#000",
  borderColour: "#000",
  font: "sans-serif",
} as const;

/** The ticks of the lower axis, of those that begin where the scale does. */
function ticksOf(min: number, max: number, values: readonly number[]): readonly number[] {
  const scale = { min, max, ticks: values.map((value) => ({ value })) } as Scale;
  const { x } = buildLineChartOptions(LOOK).scales!;
  (x as { afterBuildTicks(scale: Scale): void }).afterBuildTicks(scale);
  return scale.ticks.map(({ value }) => value);
}

describe("the lower axis of dots", () => {
  it("has round ticks, though its ends are where the dots are", () => {
    expect(ticksOf(-1, 102, [-1, 19, 39, 59, 79, 99, 102])).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticksOf(0.07, 0.52, [0.07, 0.17, 0.27, 0.37, 0.47, 0.52])).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  it("keeps the only tick of a single dot", () => {
    expect(ticksOf(3, 3, [3])).toEqual([3]);
  });
});

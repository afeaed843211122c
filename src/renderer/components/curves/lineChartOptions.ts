import type { ChartOptions, Scale } from "chart.js";

import { formatValue } from "#renderer/format/numbers.ts";

export interface ChartLook {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly isLog: boolean;
  /** The charts of a page begin at 0 and reach at least this far, so that they can be compared at a glance. */
  readonly xEnd: number;
  readonly formatX: (value: number) => string;
  readonly textColour: string;
  readonly gridColour: string;
  readonly surfaceColour: string;
  readonly bodyColour: string;
  readonly borderColour: string;
  readonly font: string;
}

type LineTooltip = NonNullable<NonNullable<ChartOptions<"line">["plugins"]>["tooltip"]>;

/** Width of the room for the values beside the chart: a fixed one, so that nothing moves when they change. */
const Y_AXIS_WIDTH = 62;

/** Builds the options of a line chart: no animation, level type, quiet grid. */
export function buildLineChartOptions(look: ChartLook): ChartOptions<"line"> {
  const font = { family: look.font, size: 11 };
  const title = (text: string) => ({ display: text !== "", text, color: look.textColour, font });
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    interaction: { mode: "nearest", axis: "x", intersect: false },
    scales: {
      x: {
        type: "linear",
        bounds: "ticks",
        suggestedMin: 0,
        suggestedMax: look.xEnd,
        title: title(look.xLabel),
        border: { color: look.borderColour },
        grid: { display: false },
        ticks: {
          color: look.textColour,
          font,
          maxRotation: 0,
          autoSkipPadding: 24,
          callback: (value) => look.formatX(Number(value)),
        },
      },
      y: {
        type: look.isLog ? "logarithmic" : "linear",
        title: title(look.yLabel),
        border: { display: false },
        grid: { color: look.gridColour, drawTicks: false },
        ticks: { color: look.textColour, font, padding: 8, maxTicksLimit: 6, callback: (v) => formatValue(Number(v)) },
        afterFit: (scale: Scale) => {
          scale.width = Y_AXIS_WIDTH;
        },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: buildTooltip(look, font),
    },
  };
}

/** Builds the tooltip: all curves' values at one x, the raw traces behind smoothed ones left out. */
function buildTooltip(look: ChartLook, font: { family: string; size: number }): LineTooltip {
  return {
    backgroundColor: look.surfaceColour,
    titleColor: look.bodyColour,
    bodyColor: look.bodyColour,
    borderColor: look.borderColour,
    borderWidth: 1,
    padding: 8,
    boxWidth: 8,
    boxHeight: 8,
    usePointStyle: true,
    titleFont: { ...font, weight: 600 },
    bodyFont: font,
    filter: ({ dataset }) => dataset.label !== "",
    callbacks: {
      title: ([item]) => (item === undefined ? "" : `${look.xLabel} ${look.formatX(item.parsed.x ?? 0)}`),
      label: ({ dataset, parsed }) => ` ${dataset.label ?? ""}: ${formatValue(parsed.y ?? NaN)}`,
    },
  };
}

import type { ChartDataset, ChartOptions, Scale, Tick } from "chart.js";

import { decimalsThatDiffer, formatValue } from "#renderer/format/numbers.ts";

import { type ChartPoint, type Curve, pointsOf } from "./curve.ts";
import { type CurveLook, thinOut } from "./thinOut.ts";

export interface ChartLook {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly isLog: boolean;
  /** The charts of a page begin at 0 and reach at least this far, so that they can be compared at a glance. */
  readonly xEnd: number;
  /** The ends of the axis of values; null where they follow from the values. */
  readonly yRange: readonly [number, number] | null;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** The axis across reaches from the first dot to the last; curves begin at 0. */
  readonly isScatter: boolean;
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
  // Ticks stand closer than what is written of a measured figure, so scales of costs alone take its units.
  const toTick = look.isScatter ? look.formatY : formatValue;
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
        bounds: look.isScatter ? "data" : "ticks",
        ...(look.isScatter ? { grace: "5%" } : { suggestedMin: 0, suggestedMax: look.xEnd }),
        ...(look.isScatter ? { afterBuildTicks: toRoundTicks } : {}),
        title: title(look.xLabel),
        border: { color: look.borderColour },
        grid: { display: false },
        ticks: {
          color: look.textColour,
          font,
          maxRotation: 0,
          autoSkipPadding: 24,
          callback: (value, _index, ticks) => nameTick(Number(value), ticks, look.formatX),
        },
      },
      y: {
        type: look.isLog ? "logarithmic" : "linear",
        ...(look.yRange === null ? {} : { min: look.yRange[0], max: look.yRange[1] }),
        title: title(look.yLabel),
        border: { display: false },
        grid: { color: look.gridColour, drawTicks: false },
        ticks: { color: look.textColour, font, padding: 8, maxTicksLimit: 6, callback: (v) => toTick(Number(v)) },
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

/** Moves ticks that begin where the scale does to the multiples of their distance. */
function toRoundTicks(scale: Scale): void {
  const [first, second] = scale.ticks.map(({ value }) => value);
  if (first === undefined || second === undefined || second <= first) return;
  const step = second - first;
  const from = Math.ceil(scale.min / step);
  const count = Math.max(0, Math.floor(scale.max / step) - from + 1);
  scale.ticks = Array.from({ length: count }, (_, index) => ({
    value: Number(((from + index) * step).toPrecision(12)),
  }));
}

/** Names a tick as its figures are written, or with as many decimals as tell it from the others. */
function nameTick(value: number, ticks: readonly Tick[], format: (value: number) => string): string {
  const values = ticks.map((tick) => tick.value);
  if (new Set(values.map(format)).size === values.length) return format(value);
  return value.toFixed(decimalsThatDiffer(values, { least: 0, most: 4 }));
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
      label: ({ dataset, parsed }) => ` ${dataset.label ?? ""}: ${look.formatY(parsed.y ?? NaN)}`,
    },
  };
}

/** Builds what a line chart shows of curves whose colours are resolved; a smoothed curve stands in front of its raw values. */
export function buildLineDatasets(
  curves: readonly Curve[],
  look: CurveLook & { readonly isDark: boolean },
): ChartDataset<"line", ChartPoint[]>[] {
  return curves.flatMap((curve) => {
    const raw = toDataset(curve, { ...look, smoothing: 0 });
    if (look.smoothing === 0 || curve.hasDots) return [raw];
    const faint = `color-mix(in srgb, ${curve.colour} ${look.isDark ? 38 : 32}%, transparent)`;
    return [toDataset(curve, look), { ...raw, label: "", borderColor: faint, borderWidth: 1 }];
  });
}

/** So many dots of one kind lie over each other: they are smaller and let each other be seen. */
const CROWD = 60;

function toDataset(curve: Curve, look: CurveLook): ChartDataset<"line", ChartPoint[]> {
  const isCrowd = curve.isScattered === true && curve.x.length >= CROWD;
  return {
    label: curve.label,
    // Every dot counts where each is a thing of its own.
    data: curve.isScattered ? pointsOf(curve.x, curve.y) : thinOut(curve, look),
    borderColor: curve.colour,
    backgroundColor: isCrowd ? `color-mix(in srgb, ${curve.colour} 60%, transparent)` : curve.colour,
    borderWidth: isCrowd ? 0 : 1.75,
    borderDash: curve.isDashed ? [5, 4] : [],
    showLine: curve.isScattered !== true,
    pointRadius: curve.isScattered ? (isCrowd ? 3.5 : 5.5) : curve.hasDots ? 2.5 : 0,
    pointHoverRadius: curve.isScattered ? 7 : 4,
    pointHitRadius: 0,
  };
}

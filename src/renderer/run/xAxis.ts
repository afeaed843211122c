import { formatDuration } from "#renderer/format/duration.ts";
import { formatInteger } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { RunHistory } from "./runHistory.ts";

/** By what the charts of a run are laid out. */
export type XAxisName = "step" | "epoch" | "time";

export interface XAxis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** The x of every step event. */
  readonly ofSteps: (
    history: Pick<RunHistory, "startMs"> & {
      readonly steps: Readonly<Record<"step" | "epoch" | "time", readonly number[]>>;
    },
  ) => readonly number[];
  /** The x of something that happened seldom. */
  readonly of: (
    event: { readonly step: number; readonly epoch: number; readonly time: string },
    history: Pick<RunHistory, "startMs">,
  ) => number;
}

/** Steps and epochs count from the beginning; time is seconds since then. */
export const X_AXES: Readonly<Record<XAxisName, XAxis>> = {
  step: {
    label: texts.charts.byStep,
    format: formatInteger,
    ofSteps: ({ steps }) => steps.step,
    of: ({ step }) => step,
  },
  epoch: {
    label: texts.charts.byEpoch,
    format: (epoch) => String(Math.round(epoch * 100) / 100),
    ofSteps: ({ steps }) => steps.epoch,
    of: ({ epoch }) => epoch,
  },
  time: {
    label: texts.charts.byTime,
    format: formatDuration,
    ofSteps: ({ steps, startMs }) => steps.time.map((time) => (time - (startMs ?? time)) / 1000),
    of: ({ time }, { startMs }) => (Date.parse(time) - (startMs ?? Date.parse(time))) / 1000,
  },
};

/**
 * What the chart panels that stand under one axis have in common: the axis, the line across them if there is one, and
 * how far they reach at least.
 */
export function toChartScale({ label, format }: XAxis, marker: number | null = null, xEnd = 0) {
  return { xLabel: label, formatX: format, marker, xEnd };
}

/** Rounds the end of an axis up to two digits, so that it moves seldom while a run goes on: 1,234 becomes 1,300. */
export function toAxisEnd(x: number): number {
  if (x <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return Number((Math.ceil(x / unit) * unit).toPrecision(2));
}

import type { StepSeries } from "#shared/api/runs.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { RunHistory } from "./runHistory.ts";
import type { XAxis } from "./xAxis.ts";

/** A history whose steps are read and not added to. */
export type ReadHistory = Pick<RunHistory, "startMs"> & { readonly steps: StepSeries };

/** Lays out something that was measured at every step. */
export type ToCurves = (history: ReadHistory, axis: XAxis) => Curve[];

/** Reads every step of the run that is shown. */
export type ReadWholeRun = (toCurves: ToCurves, axis: XAxis) => Promise<readonly Curve[]>;

/** The losses of a search's weight steps and, once there are any, of its arch steps. */
export const toSearchLosses: ToCurves = (history, axis) => {
  const { loss, archLoss } = history.steps;
  const x = axis.ofSteps(history);
  const weights = { id: "loss", label: texts.cockpit.trainLoss, colour: "var(--accent)", x, y: loss };
  const arch = { id: "arch", label: texts.cockpit.archLoss, colour: "var(--warning)", x, y: archLoss };
  return archLoss.some((value) => value !== null) ? [weights, arch] : [weights];
};

export const toTrainingLoss: ToCurves = (history, axis) => [
  {
    id: "loss",
    label: texts.train.lossCurve,
    colour: "var(--accent)",
    x: axis.ofSteps(history),
    y: history.steps.loss,
  },
];

export const toLearningRate: ToCurves = (history, axis) => [
  {
    id: "rate",
    label: texts.train.learningRate,
    colour: "var(--calm)",
    x: axis.ofSteps(history),
    y: history.steps.learningRate,
  },
];

export const toSpeed: ToCurves = (history, axis) => [
  {
    id: "speed",
    label: texts.cockpit.facts.speed,
    colour: "var(--calm)",
    x: axis.ofSteps(history),
    y: history.steps.secondsPerStep,
  },
];

export const toMemory: ToCurves = (history, axis) => [
  { id: "memory", label: "MB", colour: "var(--calm)", x: axis.ofSteps(history), y: history.steps.residentMb },
];

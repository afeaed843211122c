import type { StepColumnName, StepSeries } from "#shared/runs/history/stepColumns.ts";
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

export const toTrainingLoss = drawColumn("loss", {
  id: "loss",
  label: texts.train.lossCurve,
  colour: "var(--accent)",
});

export const toLearningRate = drawColumn("learningRate", {
  id: "rate",
  label: texts.train.learningRate,
  colour: "var(--calm)",
});

export const toExpectedCost = drawColumn("expectedCost", {
  id: "cost",
  label: texts.cockpit.expected,
  colour: "var(--accent)",
});

export const toSpeed = drawColumn("secondsPerStep", {
  id: "speed",
  label: texts.cockpit.facts.speed,
  colour: "var(--calm)",
});

export const toMemory = drawColumn("residentMb", { id: "memory", label: "MB", colour: "var(--calm)" });

/** The load of the processor in percent. */
export const toLoad: ToCurves = (history, axis) => {
  const y = history.steps.cpuShare.map((share) => (share === null ? null : share * 100));
  return [{ id: "load", label: "%", colour: "var(--calm)", x: axis.ofSteps(history), y }];
};

function drawColumn(column: StepColumnName, look: Pick<Curve, "id" | "label" | "colour">): ToCurves {
  return (history, axis) => [{ ...look, x: axis.ofSteps(history), y: history.steps[column] }];
}

import type { StepColumnName, StepSeries } from "#shared/runs/history/stepColumns.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { formatInteger } from "#renderer/format/numbers.ts";
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

/** The memory of the compute process in MB and, where a driver tells it, that in use on the graphics card. */
export const toMemory: ToCurves = (history, axis) => {
  const x = axis.ofSteps(history);
  const { residentMb, gpuMemoryMb, gpuMemoryTotalMb } = history.steps;
  const total = gpuMemoryTotalMb.findLast((value) => value !== null) ?? null;
  const label = total === null ? texts.cockpit.gpu : texts.cockpit.gpuOfMb(formatInteger(total));
  return [
    { id: "memory", label: "MB", colour: "var(--calm)", x, y: residentMb },
    ...drawWhereTold({ id: "gpu", label, colour: "var(--accent)", x, y: gpuMemoryMb }),
  ];
};

/** The load of the processor and, where a driver tells it, of the graphics card, in percent. */
export const toLoad: ToCurves = (history, axis) => {
  const x = axis.ofSteps(history);
  const toPercent = (shares: readonly (number | null)[]): (number | null)[] =>
    shares.map((share) => (share === null ? null : share * 100));
  const { cpuShare, gpuShare } = history.steps;
  return [
    { id: "load", label: texts.cockpit.processor, colour: "var(--calm)", x, y: toPercent(cpuShare) },
    ...drawWhereTold({ id: "gpu", label: texts.cockpit.gpu, colour: "var(--accent)", x, y: toPercent(gpuShare) }),
  ];
};

function drawWhereTold(curve: Curve): Curve[] {
  return curve.y.some((value) => value !== null) ? [curve] : [];
}

function drawColumn(column: StepColumnName, look: Pick<Curve, "id" | "label" | "colour">): ToCurves {
  return (history, axis) => [{ ...look, x: axis.ofSteps(history), y: history.steps[column] }];
}

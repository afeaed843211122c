import type { StepSeries } from "#shared/api/runs.ts";

import type { RunEvent } from "./runEvent.ts";

type StepEvent = Extract<RunEvent, { type: "step" }>;

/** Step events as growing columns; `step` never falls. */
export type StepColumns = { -readonly [K in keyof StepSeries]: StepSeries[K][number][] };

/** Makes columns without rows. */
export function createStepColumns(): StepColumns {
  return {
    step: [],
    epoch: [],
    time: [],
    loss: [],
    archLoss: [],
    learningRate: [],
    secondsPerStep: [],
    residentMb: [],
  };
}

/** Adds a step event at the end. */
export function addStep(columns: StepColumns, event: StepEvent): void {
  columns.step.push(event.step);
  columns.epoch.push(event.epoch);
  columns.time.push(Date.parse(event.time));
  columns.loss.push(event.loss);
  columns.archLoss.push(event.archLoss ?? null);
  columns.learningRate.push(event.learningRate);
  columns.secondsPerStep.push(event.secondsPerStep);
  columns.residentMb.push(event.residentMb);
}

/** Drops the steps after `step`, which a restart from its checkpoint made void. */
export function dropStepsAfter(columns: StepColumns, step: number): void {
  const kept = findFirst(columns.step, step + 1);
  for (const column of Object.values(columns)) column.length = kept;
}

/**
 * Copies the rows of a range of steps (ends included), at most `points` of them: of each group of neighbours the row with
 * the largest loss, so that no spike is lost, and always the range's last row.
 */
export function thinSteps(columns: StepColumns, fromStep: number, toStep: number, points: number): StepSeries {
  const first = findFirst(columns.step, fromStep);
  const end = findFirst(columns.step, toStep + 1);
  const rows = pickRows(columns.loss, first, end, points);
  const pick = <T>(column: readonly T[]): T[] => rows.map((row) => column[row] as T);
  return {
    step: pick(columns.step),
    epoch: pick(columns.epoch),
    time: pick(columns.time),
    loss: pick(columns.loss),
    archLoss: pick(columns.archLoss),
    learningRate: pick(columns.learningRate),
    secondsPerStep: pick(columns.secondsPerStep),
    residentMb: pick(columns.residentMb),
  };
}

function pickRows(loss: readonly number[], first: number, end: number, points: number): number[] {
  const count = end - first;
  if (count <= points) return Array.from({ length: Math.max(0, count) }, (_, i) => first + i);
  const groups = points - 1;
  const rows = Array.from({ length: groups }, (_, group) => {
    const from = first + Math.floor((group * (count - 1)) / groups);
    const to = first + Math.floor(((group + 1) * (count - 1)) / groups);
    return findLargest(loss, from, to);
  });
  return [...rows, end - 1];
}

function findLargest(values: readonly number[], from: number, to: number): number {
  let largest = from;
  for (let row = from + 1; row < to; row++) if ((values[row] ?? 0) > (values[largest] ?? 0)) largest = row;
  return largest;
}

/** The first row whose step is at least `step`, by halving. */
function findFirst(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { at } from "#shared/at.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";

import { isVoid, type Resumed } from "./voiding.ts";

type StepEvent = EventOf<"step">;

/** What is kept of every step, and how it is read from its event: a metric of a run is one row here. */
const STEP_COLUMNS = {
  step: ({ step }: StepEvent) => step,
  epoch: ({ epoch }: StepEvent) => epoch,
  /** Milliseconds since 1970. */
  time: ({ time }: StepEvent) => Date.parse(time),
  loss: ({ loss }: StepEvent) => loss,
  /** Null where there was no arch step. */
  archLoss: ({ archLoss }: StepEvent) => archLoss ?? null,
  /** Null where the search watches none. */
  expectedCost: ({ expectedCost }: StepEvent) => expectedCost ?? null,
  learningRate: ({ learningRate }: StepEvent) => learningRate,
  secondsPerStep: ({ secondsPerStep }: StepEvent) => secondsPerStep,
  residentMb: ({ residentMb }: StepEvent) => residentMb,
  /** Null where it was not measured. */
  cpuShare: ({ cpuShare }: StepEvent) => cpuShare ?? null,
  /** Null where no driver tells it, as the next two. */
  gpuShare: ({ gpuShare }: StepEvent) => gpuShare ?? null,
  gpuMemoryMb: ({ gpuMemoryMb }: StepEvent) => gpuMemoryMb ?? null,
  gpuMemoryTotalMb: ({ gpuMemoryTotalMb }: StepEvent) => gpuMemoryTotalMb ?? null,
} as const satisfies Readonly<Record<string, (event: StepEvent) => number | null>>;

export type StepColumnName = keyof typeof STEP_COLUMNS;
const NAMES = Object.keys(STEP_COLUMNS) as StepColumnName[];

/** Step events as growing columns of equal length; `step` never falls. */
export type StepColumns = { [Name in StepColumnName]: ReturnType<(typeof STEP_COLUMNS)[Name]>[] };

/** Step events as columns of equal length, thinned out where there were more than asked for; the last one stays. */
export type StepSeries = { readonly [Name in StepColumnName]: readonly StepColumns[Name][number][] };

/** Makes columns without rows. */
export function createStepColumns(): StepColumns {
  return mapColumns(() => []);
}

/** Makes columns of their own with the same rows. */
export function copySteps(columns: StepSeries): StepColumns {
  return mapColumns((name) => [...columns[name]]);
}

/** Adds a step event at the end. */
export function addStep(columns: StepColumns, event: StepEvent): void {
  for (const name of NAMES) {
    const column: (number | null)[] = columns[name];
    column.push(STEP_COLUMNS[name](event));
  }
}

/** Adds the rows of later steps at the end. */
export function appendSteps(columns: StepColumns, later: StepSeries): void {
  for (const name of NAMES) {
    const column: (number | null)[] = columns[name];
    for (const value of later[name]) column.push(value);
  }
}

/** Drops the steps that a restart made void. */
export function dropVoidSteps(columns: StepColumns, resumed: Resumed): void {
  const kept = findFirst(columns.step, (step) => isVoid(step, resumed));
  for (const name of NAMES) columns[name].length = kept;
}

/** Drops every second row; the newest one stays. */
export function halveSteps(columns: StepColumns): void {
  const first = (columns.step.length - 1) % 2;
  for (const name of NAMES) {
    const column: (number | null)[] = columns[name];
    let kept = 0;
    for (let row = first; row < column.length; row += 2) column[kept++] = at(column, row, name);
    column.length = kept;
  }
}

/**
 * Copies the rows of a range of steps (ends included), at most `points` of them: of each group of neighbours the row with
 * the largest loss, so that no spike is lost, and always the range's last row.
 */
export function thinSteps(columns: StepSeries, fromStep: number, toStep: number, points: number): StepColumns {
  const first = findFirst(columns.step, (step) => step >= fromStep);
  const end = findFirst(columns.step, (step) => step > toStep);
  const rows = pickRows(columns.loss, first, end, points);
  return mapColumns((name) => rows.map((row) => at(columns[name], row, name)));
}

function mapColumns(make: (name: StepColumnName) => readonly (number | null)[]): StepColumns {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as StepColumns;
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
  for (let row = from + 1; row < to; row++) {
    if (at(values, row, "loss") > at(values, largest, "loss")) largest = row;
  }
  return largest;
}

/** The first row whose step fits, by halving: where one fits, all later ones do. */
function findFirst(steps: readonly number[], fits: (step: number) => boolean): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(at(steps, middle, "step"))) high = middle;
    else low = middle + 1;
  }
  return low;
}

import type { LogLine, Milestone, RunSnapshot, StepSeries } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { addSamples, createSamples, type SampleMilestone } from "./sampleHistory.ts";

export type ArchMilestone = Extract<Milestone, { type: "arch" }>;
export type ValidationMilestone = Extract<Milestone, { type: "validation" }>;

type Columns = { -readonly [K in keyof StepSeries]: StepSeries[K][number][] };

/** Everything a window knows of a run so far. */
export interface RunHistory {
  readonly steps: Columns;
  readonly archs: ArchMilestone[];
  readonly validations: ValidationMilestone[];
  /** Samples whose pictures are still there; the very same list until one comes or goes. */
  readonly samples: readonly SampleMilestone[];
  readonly log: LogLine[];
  /** Milliseconds since 1970 when the first event came; null before. */
  readonly startMs: number | null;
}

/** More steps than this are thinned out: the lab has them all. */
const MOST_STEPS = 20_000;
const MOST_LOG_LINES = 1_000;

/** Takes a snapshot as the beginning of a history. */
export function createRunHistory({
  steps,
  milestones,
  log,
  images,
}: Pick<RunSnapshot, "steps" | "milestones" | "log" | "images">): RunHistory {
  const first = milestones[0];
  return {
    steps: {
      step: [...steps.step],
      epoch: [...steps.epoch],
      time: [...steps.time],
      loss: [...steps.loss],
      archLoss: [...steps.archLoss],
      learningRate: [...steps.learningRate],
      secondsPerStep: [...steps.secondsPerStep],
      residentMb: [...steps.residentMb],
    },
    archs: milestones.filter((event) => event.type === "arch"),
    validations: milestones.filter((event) => event.type === "validation"),
    samples: createSamples({ milestones, images }),
    log: [...log],
    startMs: first === undefined ? (steps.time[0] ?? null) : Date.parse(first.time),
  };
}

/**
 * Adds what happened since, in order, and returns the history to show from now on: a new object. Its steps are the same
 * columns, grown in place; each other list is the very same where nothing was added to it, and else a new one, so that what
 * shows it knows whether to look again. A resumed run voids what lies after the checkpoint that it began from.
 */
export function addEvents(before: RunHistory, events: readonly RunEvent[]): RunHistory {
  const history = copyWhatChanges(before, new Set(events.map(({ type }) => type)));
  for (const event of events) addEvent(history, event);
  const { steps, log, startMs } = history;
  if (steps.step.length > MOST_STEPS) keepEverySecond(steps);
  if (log.length > MOST_LOG_LINES) log.splice(0, log.length - MOST_LOG_LINES);
  const first = events[0];
  const samples = addSamples(history.samples, events);
  return { ...history, samples, startMs: startMs ?? (first === undefined ? null : Date.parse(first.time)) };
}

function copyWhatChanges(history: RunHistory, types: ReadonlySet<RunEvent["type"]>): RunHistory {
  const copy = <T>(list: T[], type: RunEvent["type"]): T[] =>
    types.has(type) || (types.has("resumed") && type !== "log") ? [...list] : list;
  return {
    ...history,
    archs: copy(history.archs, "arch"),
    validations: copy(history.validations, "validation"),
    log: copy(history.log, "log"),
  };
}

function addEvent(history: RunHistory, event: RunEvent): void {
  switch (event.type) {
    case "step":
      addStep(history.steps, event);
      return;
    case "arch":
      history.archs.push(event);
      return;
    case "validation":
      history.validations.push(event);
      return;
    case "log":
      history.log.push(event);
      return;
    case "resumed":
      forgetAfter(history, event.step);
      return;
    case "candidate":
    case "checkpoint":
    case "sample":
    case "state":
      return;
  }
}

function addStep(steps: Columns, event: Extract<RunEvent, { type: "step" }>): void {
  steps.step.push(event.step);
  steps.epoch.push(event.epoch);
  steps.time.push(Date.parse(event.time));
  steps.loss.push(event.loss);
  steps.archLoss.push(event.archLoss ?? null);
  steps.learningRate.push(event.learningRate);
  steps.secondsPerStep.push(event.secondsPerStep);
  steps.residentMb.push(event.residentMb);
}

function forgetAfter({ steps, archs, validations }: RunHistory, step: number): void {
  const kept = steps.step.findLastIndex((at) => at <= step) + 1;
  for (const column of Object.values(steps)) column.length = kept;
  archs.length = archs.findLastIndex((event) => event.step <= step) + 1;
  validations.length = validations.findLastIndex((event) => event.step <= step) + 1;
}

/** The newest step stays. */
function keepEverySecond(steps: Columns): void {
  const isNewestOdd = (steps.step.length - 1) % 2;
  for (const column of Object.values(steps)) {
    let kept = 0;
    for (let index = isNewestOdd; index < column.length; index += 2) column[kept++] = column[index] ?? null;
    column.length = kept;
  }
}

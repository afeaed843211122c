import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";
import { findCrowdedSample } from "#shared/runs/samplePictures.ts";

import { addStep, createStepColumns, dropVoidSteps, halveSteps, type StepColumns } from "./stepColumns.ts";
import { dropVoid } from "./voiding.ts";

/** How far a run is; what no step has told yet is null. */
export interface RunProgress {
  /** Weight steps done so far. */
  readonly step: number;
  readonly totalSteps: number | null;
  readonly secondsPerStep: number | null;
}

/** The best validation of a run. */
export interface RunBest {
  readonly step: number;
  readonly psnrDb: number;
  readonly ssim: number;
}

/** What happened in a run so far, without what a restart made void. Candidates are too many for it: the index has them. */
export interface RunHistory {
  /** The same columns in every later history, grown in place. */
  readonly steps: StepColumns;
  readonly archs: readonly EventOf<"arch">[];
  readonly validations: readonly EventOf<"validation">[];
  /** What was measured of a search after its epochs, where it watches anything. */
  readonly measures: readonly EventOf<"measure">[];
  /** Samples whose pictures the run keeps. */
  readonly samples: readonly EventOf<"sample">[];
  readonly log: readonly EventOf<"log">[];
  /** The newest one. */
  readonly state: EventOf<"state"> | null;
  /** All of them, and from where the run went on. */
  readonly turns: readonly EventOf<"state" | "resumed">[];
  readonly progress: RunProgress;
  /** Milliseconds since 1970 when the first event came; null before. */
  readonly startMs: number | null;
}

/** How much of a long run a history keeps. */
export interface HistoryLimits {
  /** Of more steps every second one goes, never the newest. */
  readonly steps: number;
  /** Of more log lines the oldest go. */
  readonly logLines: number;
}

/** Makes the history of a run in which nothing has happened. */
export function createRunHistory(): RunHistory {
  return {
    steps: createStepColumns(),
    archs: [],
    validations: [],
    measures: [],
    samples: [],
    log: [],
    state: null,
    turns: [],
    progress: { step: 0, totalSteps: null, secondsPerStep: null },
    startMs: null,
  };
}

/**
 * Adds what happened since, in order, and returns the history from now on: a new object where it changed. Its steps are the
 * same columns; each other list is the very same where nothing was added or made void, and else a new one, so that what
 * shows it knows whether to look again.
 */
export function addEvents(before: RunHistory, events: readonly RunEvent[], limits: HistoryLimits): RunHistory {
  const [first] = events;
  if (first === undefined) return before;
  const startMs = before.startMs ?? Date.parse(first.time);
  const history = events.reduce(addEvent, startMs === before.startMs ? before : { ...before, startMs });
  while (history.steps.step.length > limits.steps) halveSteps(history.steps);
  const surplus = history.log.length - limits.logLines;
  return surplus <= 0 ? history : { ...history, log: history.log.slice(surplus) };
}

/** Finds the best validation that counts; null before the first. */
export function findBest({ validations }: Pick<RunHistory, "validations">): RunBest | null {
  const best = validations.findLast(({ isBest }) => isBest);
  return best === undefined ? null : { step: best.step, psnrDb: best.validation.psnrDb, ssim: best.validation.ssim };
}

function addEvent(history: RunHistory, event: RunEvent): RunHistory {
  switch (event.type) {
    case "step": {
      addStep(history.steps, event);
      const { step, totalSteps, secondsPerStep } = event;
      return { ...history, progress: { step, totalSteps, secondsPerStep } };
    }
    case "arch":
      return { ...history, archs: [...history.archs, event] };
    case "validation":
      return { ...history, validations: [...history.validations, event] };
    case "measure":
      return { ...history, measures: [...history.measures, event] };
    case "sample":
      return { ...history, samples: addSample(history.samples, event) };
    case "log":
      return { ...history, log: [...history.log, event] };
    case "state":
      return { ...history, state: event, turns: [...history.turns, event] };
    case "resumed":
      return goBack(history, event);
    case "checkpoint":
    case "candidate":
      return history;
  }
}

/** A sample that is told again takes the place of the first; the run drops the picture of a crowded one. */
function addSample(samples: RunHistory["samples"], event: EventOf<"sample">): RunHistory["samples"] {
  const all = [...samples.filter(({ step }) => step !== event.step), event];
  const crowded = findCrowdedSample(all.map(({ step }) => step));
  return crowded === null ? all : all.filter(({ step }) => step !== crowded);
}

function goBack(history: RunHistory, resumed: EventOf<"resumed">): RunHistory {
  dropVoidSteps(history.steps, resumed);
  return {
    ...history,
    turns: [...history.turns, resumed],
    archs: dropVoid(history.archs, resumed),
    validations: dropVoid(history.validations, resumed),
    measures: dropVoid(history.measures, resumed),
    samples: dropVoid(history.samples, resumed),
    progress: { ...history.progress, step: resumed.step },
  };
}

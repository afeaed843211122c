import type { RunSnapshot } from "#shared/api/runs.ts";
import * as shared from "#shared/runs/history/runHistory.ts";
import { copySteps } from "#shared/runs/history/stepColumns.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";

import { pickShown } from "./sampleHistory.ts";

export type ArchMilestone = EventOf<"arch">;
/** Everything a window knows of a run so far. */
export type RunHistory = shared.RunHistory;

/** The lab has all steps. */
const LIMITS = { steps: 20_000, logLines: 1_000 };

/** Takes a snapshot as the beginning of a history, with columns of its own that will grow. */
export function createRunHistory({ history, images }: Pick<RunSnapshot, "history" | "images">): RunHistory {
  return { ...history, steps: copySteps(history.steps), samples: pickShown(history.samples, images) };
}

/** Adds what happened since, in order, and returns the history to show from now on, as the shared `addEvents` does. */
export function addEvents(before: RunHistory, events: readonly RunEvent[]): RunHistory {
  return shared.addEvents(before, events, LIMITS);
}

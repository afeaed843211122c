import type { RunEvent, RunState } from "#shared/runs/runEvent.ts";

/** The best score so far at some time. */
export interface CurvePoint {
  /** Milliseconds at work until then. */
  readonly workMs: number;
  /** By the search's own estimator: of a validation or of a candidate. */
  readonly score: number;
}

/** What a run cost so far and how good it was when. */
export interface RunTally {
  /** Milliseconds at work, those too whose steps a kill made void; without pauses, waiting, and gaps after a kill. */
  readonly workMs: number;
  readonly scores: readonly (CurvePoint & { readonly step: number })[];
  readonly lastMs: number | null;
  readonly isAtWork: boolean;
}

export const EMPTY_TALLY: RunTally = { workMs: 0, scores: [], lastMs: null, isAtWork: false };

const WORKING: ReadonlySet<RunState> = new Set<RunState>(["preparing", "running"]);

/** Adds the next event of a run, also one that is void by now. */
export function addToTally(tally: RunTally, event: RunEvent): RunTally {
  const now = Date.parse(event.time);
  // A run that was killed says nothing of its end: what comes next is the queue, and the gap before it was no work.
  const isGap = event.type === "state" && event.state === "queued";
  const worked = tally.isAtWork && !isGap && tally.lastMs !== null ? Math.max(0, now - tally.lastMs) : 0;
  const workMs = tally.workMs + worked;
  const next = { ...tally, workMs, lastMs: now };
  switch (event.type) {
    case "state":
      return { ...next, isAtWork: WORKING.has(event.state) };
    case "validation":
      return { ...next, scores: [...tally.scores, { workMs, step: event.step, score: event.validation.score }] };
    case "candidate":
      return { ...next, scores: [...tally.scores, { workMs, step: event.step, score: event.score }] };
    case "resumed":
      return { ...next, scores: tally.scores.filter(({ step }) => step <= event.step) };
    default:
      return next;
  }
}

/** Lists where the best score so far rose. */
export function toBestSoFar({ scores }: Pick<RunTally, "scores">): readonly CurvePoint[] {
  let best = -Infinity;
  return scores.flatMap(({ workMs, score }) => {
    if (score <= best) return [];
    best = score;
    return [{ workMs, score }];
  });
}

import type { RunEvent } from "#shared/runs/runEvent.ts";

/** More than a window can show between two messages. */
const MAX_STEPS = 400;
const MAX_LOG_LINES = 400;

/**
 * Thins what waits for a window: of too many steps every second one goes, never the newest; of too many log lines the
 * oldest. Candidates go, for they are thousands and the index has them (`listCandidates`). All else stays, in order.
 */
export function thinNews(events: readonly RunEvent[]): readonly RunEvent[] {
  const shown = events.filter(({ type }) => type !== "candidate");
  const fewer = countOf(shown, "step") > MAX_STEPS ? dropEverySecondStep(shown) : shown;
  const logLines = countOf(fewer, "log");
  return logLines > MAX_LOG_LINES ? dropOldestLogLines(fewer, logLines - MAX_LOG_LINES) : fewer;
}

function countOf(events: readonly RunEvent[], type: RunEvent["type"]): number {
  return events.reduce((count, event) => count + (event.type === type ? 1 : 0), 0);
}

function dropEverySecondStep(events: readonly RunEvent[]): readonly RunEvent[] {
  let isKept = false;
  const kept: RunEvent[] = [];
  for (const event of events.toReversed()) {
    if (event.type === "step") isKept = !isKept;
    if (event.type !== "step" || isKept) kept.push(event);
  }
  return kept.reverse();
}

function dropOldestLogLines(events: readonly RunEvent[], count: number): readonly RunEvent[] {
  let left = count;
  return events.filter((event) => event.type !== "log" || left-- <= 0);
}

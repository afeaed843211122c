import type { RunHistory } from "./runHistory.ts";

/** So many of the newest steps tell how fast a run is now. */
const RECENT_STEPS = 30;

/** Returns the median seconds per step of the newest steps, which a single slow one does not sway; null before the first. */
export function recentSecondsPerStep({ steps }: RunHistory): number | null {
  const recent = steps.secondsPerStep.slice(-RECENT_STEPS).sort((a, b) => a - b);
  return recent[recent.length >> 1] ?? null;
}

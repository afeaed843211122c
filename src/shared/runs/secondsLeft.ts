import type { RunState } from "./runEvent.ts";

/** How far a run is and how fast it goes. */
interface Pace {
  readonly state: RunState;
  readonly step: number;
  readonly totalSteps: number;
  readonly secondsPerStep: number | null;
}

/** Estimates how many seconds a run still computes; null unless it computes now and its speed is known. */
export function secondsLeft({ state, step, totalSteps, secondsPerStep }: Pace): number | null {
  return state !== "running" || secondsPerStep === null ? null : Math.max(0, totalSteps - step) * secondsPerStep;
}

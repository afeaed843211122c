import type { RunSummary } from "#shared/api/runs.ts";

/** Estimates how many seconds a run still computes; null unless it computes now and its speed is known. */
export function secondsLeft({
  state,
  step,
  totalSteps,
  secondsPerStep,
}: Pick<RunSummary, "state" | "step" | "totalSteps" | "secondsPerStep">): number | null {
  return state !== "running" || secondsPerStep === null ? null : Math.max(0, totalSteps - step) * secondsPerStep;
}

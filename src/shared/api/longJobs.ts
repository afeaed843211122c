import type { CostEstimate } from "./settings.ts";
import type { StudyTime } from "./studies.ts";

/** What lasts longer is asked about before it starts. */
const LONG_SECONDS = 24 * 60 * 60;
/** A rough time below this is never a day in truth: estimates from other sizes are four times off at most. */
const SURELY_SHORT_SECONDS = 3 * 60 * 60;

type Times = Pick<CostEstimate, "totalSeconds" | "usualSeconds" | "basis">;

/** Tells whether a job takes more than a day here, as far as is known, so that somebody should be asked. */
export function isLong({ totalSeconds, usualSeconds }: Times): boolean {
  return (totalSeconds ?? usualSeconds) > LONG_SECONDS;
}

/** Tells whether a study takes more than a day here, so that somebody should be asked. */
export function isLongStudy({ seconds }: StudyTime): boolean {
  return seconds > LONG_SECONDS;
}

/** Tells whether a job must be timed before it can be said that it takes less than a day. */
export function needsTiming({ totalSeconds, usualSeconds, basis }: Times): boolean {
  return !basis.isSameSize && basis.timed === null && (totalSeconds ?? usualSeconds) > SURELY_SHORT_SECONDS;
}

import type { RunSummary } from "#shared/api/runs.ts";
import type { Task } from "#shared/api/tasks.ts";

/** A run or task as far as its end goes. */
export type Job = { readonly id: string; readonly title: string; readonly state: RunSummary["state"] | Task["state"] };

/** Ends that nobody asked for by hand. */
export const TOLD_ENDS = ["finished", "failed", "interrupted"] as const;
export type ToldEnd = (typeof TOLD_ENDS)[number];

/** Finds the jobs that have ended since they were last looked at; what was not known before has not ended meanwhile. */
export function findEnded(
  before: ReadonlyMap<string, Job["state"]>,
  jobs: readonly Job[],
): readonly { readonly title: string; readonly end: ToldEnd }[] {
  return jobs.flatMap(({ id, title, state }) => {
    const end = TOLD_ENDS.find((each) => each === state);
    const was = before.get(id);
    return end === undefined || was === undefined || was === state ? [] : [{ title, end }];
  });
}

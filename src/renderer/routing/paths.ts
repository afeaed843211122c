import type { RunSummary } from "#shared/api/runs.ts";
import type { Task, TaskKind } from "#shared/api/tasks.ts";

/** Where the runs of a kind are listed. */
export const RUN_ROOMS: Readonly<Record<RunSummary["kind"], string>> = { search: "/search", train: "/train" };

/** Returns the address of the page that shows a run. */
export function toRunPath({ kind, id }: Pick<RunSummary, "kind" | "id">): string {
  return `${RUN_ROOMS[kind]}/${id}`;
}

/** The rooms in which tasks are shown. */
const TASK_ROOMS: Readonly<Record<TaskKind, string>> = {
  import: "/datasets",
  evaluation: "/train?tab=evaluations",
  denoise: "/denoise",
};

/** Returns the address of the room that shows a task. */
export function toTaskPath({ kind }: Pick<Task, "kind">): string {
  return TASK_ROOMS[kind];
}

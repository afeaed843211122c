import type { Task, TaskKind } from "#shared/api/tasks.ts";

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

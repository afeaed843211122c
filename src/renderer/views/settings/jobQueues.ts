import type { RunSummary } from "#shared/api/runs.ts";
import type { Task } from "#shared/api/tasks.ts";

/** The jobs that use the device, each list in the order in which they come to compute. */
export interface JobQueues {
  readonly runs: readonly RunSummary[];
  readonly tasks: readonly Task[];
}

/** Lists the active jobs by the process that computes them: what is at work first, then by age. Imports use no device. */
export function listQueues(runs: readonly RunSummary[], tasks: readonly Task[]): JobQueues {
  return { runs: toQueue(runs), tasks: toQueue(tasks.filter(({ kind }) => kind !== "import")) };
}

function toQueue<T extends { readonly state: string; readonly createdAt: string }>(jobs: readonly T[]): readonly T[] {
  const isWaiting = ({ state }: T): number => (state === "queued" ? 1 : 0);
  return jobs.toSorted((a, b) => isWaiting(a) - isWaiting(b) || a.createdAt.localeCompare(b.createdAt));
}

import { packAnswer, type ThreadAnswer } from "./answers.ts";
import { JOBS, type JobName } from "./jobs.ts";
import { settle } from "./settle.ts";

/** What a thread is asked for: a value in which jobs and what they need are named; see `later`. */
export interface ThreadQuestion {
  readonly wanted: unknown;
}

/** Makes a value in this thread. */
export async function answer({ wanted }: ThreadQuestion): Promise<ThreadAnswer> {
  return packAnswer(() => settle(wanted, doJob));
}

function doJob(job: string, args: readonly unknown[]): unknown {
  const work: (...args: readonly never[]) => unknown = JOBS[job as JobName];
  return work(...(args as readonly never[]));
}

import { packAnswer, type ThreadAnswer } from "./answers.ts";
import { JOBS, type JobName } from "./jobs.ts";

/** What a thread is asked for: a job by its name, with its arguments. */
export interface ThreadQuestion {
  readonly job: JobName;
  readonly args: readonly unknown[];
}

/** Does a job in this thread. */
export async function answer({ job, args }: ThreadQuestion): Promise<ThreadAnswer> {
  const work: (...args: readonly never[]) => unknown = JOBS[job];
  return packAnswer(async () => work(...(args as readonly never[])));
}

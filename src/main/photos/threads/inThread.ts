import { channel } from "node:diagnostics_channel";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import { Piscina } from "piscina";

import { type ThreadAnswer, unpackAnswer } from "./answers.ts";
import type { JobName } from "./jobs.ts";
import { type JobArguments, type JobResult, later, type Made } from "./later.ts";
import type { ThreadQuestion } from "./thread.ts";

/** More would not be faster: libvips has threads of its own. */
const MOST_THREADS = 4;
/** An idle thread keeps the photos that it saw last from being freed. */
const IDLE_MS = 2_000;

let entry = fileURLToPath(new URL("./thread.ts", import.meta.url));
let threads: Piscina<ThreadQuestion, ThreadAnswer> | null = null;

/** Sets the script of the threads where another lies beside this one, as in a built program; to be called before any is started. */
export function setThreadEntry(file: string): void {
  entry = file;
}

/** Programs that watch hear here of each question to a thread and its answer, of what goes between the threads. */
export const THREAD_TRAFFIC = "hinas:threads";
const traffic = channel(THREAD_TRAFFIC);

/**
 * Does a job in a thread, so that nothing else waits for it. Photos in arguments and results are not copied where threads
 * made them; what is named by `later` never leaves the thread. Throws what the job throws, and LabError `memory` where
 * there is too little for it.
 */
export async function inThread<Name extends JobName>(job: Name, ...args: JobArguments<Name>): Promise<JobResult<Name>> {
  return (await ask(later(job, ...args))) as JobResult<Name>;
}

/** Makes several values in one thread, which share what they need. Throws as `inThread` does. */
export async function makeTogether<const Parts extends object>(
  parts: Parts,
): Promise<{ readonly [K in keyof Parts]: Made<Parts[K]> }> {
  return (await ask(parts)) as { readonly [K in keyof Parts]: Made<Parts[K]> };
}

async function ask(wanted: unknown): Promise<unknown> {
  threads ??= startThreads();
  const answer = await threads.run({ wanted });
  if (traffic.hasSubscribers) traffic.publish({ wanted, answer });
  return unpackAnswer(answer);
}

function startThreads(): Piscina<ThreadQuestion, ThreadAnswer> {
  const started = new Piscina<ThreadQuestion, ThreadAnswer>({
    filename: entry,
    name: "answer",
    minThreads: 0,
    maxThreads: Math.max(2, Math.min(MOST_THREADS, availableParallelism())),
    idleTimeout: IDLE_MS,
    execArgv: [], // those of this process may name a script of its own, which no thread can start with
    atomics: "disabled", // a thread that waits for these does not hear its own timers and files
  });
  // A thread that fails between two jobs ends alone; the next job starts another.
  started.on("error", (error: Error) => process.emitWarning(error));
  return started;
}

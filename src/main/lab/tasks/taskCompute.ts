import type { ComputeListener } from "#main/compute/protocol.ts";

import { warnOfFallback } from "#main/lab/runs/environment.ts";

import type { ComputeLease, ComputeQueue, Urgency } from "./computeQueue.ts";

/** What tasks compute with. */
export interface TaskComputeContext {
  /** The process for all but runs, so that a photo need not wait for days of training. */
  readonly taskCompute: Pick<ComputeQueue, "use">;
  readonly log: (line: string) => void;
}

/**
 * Waits for the process that tasks share and does `work` with it. Where `signal` is aborted meanwhile the process is ended,
 * for nothing else stops it in the middle of a photo; `work` then rejects with LabError `interrupted`.
 */
export async function useTaskCompute<T>(
  { taskCompute, log }: TaskComputeContext,
  signal: AbortSignal | null,
  listener: Partial<ComputeListener>,
  work: (lease: ComputeLease) => Promise<T>,
  urgency: Urgency = "new",
): Promise<T> {
  const take = async (lease: ComputeLease): Promise<T> => {
    const end = (): void => {
      lease.restart().catch((error: unknown) => log(String(error)));
    };
    signal?.addEventListener("abort", end);
    try {
      const result = await work(withWarning(lease, log));
      signal?.throwIfAborted();
      return result;
    } finally {
      signal?.removeEventListener("abort", end);
    }
  };
  return taskCompute.use(listener, signal, take, urgency);
}

/** Says, where the process computes in plain JavaScript, that it does. */
function withWarning(lease: ComputeLease, log: (line: string) => void): ComputeLease {
  return {
    ...lease,
    getCompute: async () => {
      const compute = await lease.getCompute();
      const warning = warnOfFallback(await compute.describeEngine());
      if (warning !== null) log(`warning: ${warning}`);
      return compute;
    },
  };
}

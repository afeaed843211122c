import PQueue from "p-queue";

import { type EngineRoutes, ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { type ComputeHost, startComputeHost } from "#main/compute/host.ts";
import type { ComputeFunctions, ComputeListener } from "#main/compute/protocol.ts";
import { LabError } from "#shared/labError.ts";

/** The compute process while one job has it to itself. */
export interface ComputeLease {
  /** Gets the process with the engine, which is installed first where there is none. */
  getCompute(): Promise<ComputeFunctions>;
  /** Gets the process with the engine where it is in place already, and without it where not: nothing is installed. */
  getBareCompute(): Promise<{ readonly compute: ComputeFunctions; readonly hasEngine: boolean }>;
  /** Ends the process, so that the next `getCompute` starts a fresh one. */
  restart(): Promise<void>;
}

/** What hears of the process while a job has it. */
export interface JobListener extends Partial<ComputeListener> {
  /** Gets each line about the engine's installation and each line that the process writes. */
  readonly onLine?: (line: string) => void;
}

/** Hands the lab's one compute process to one job after the other, in the order of asking. */
export interface ComputeQueue {
  /**
   * Waits for its turn and does `work` with the process; what the process tells meanwhile goes to `listener`. Throws
   * LabError `interrupted` where `signal` is aborted before the turn comes, or the queue is closed.
   */
  use<T>(listener: JobListener, signal: AbortSignal | null, work: (lease: ComputeLease) => Promise<T>): Promise<T>;
  /** Ends the process; calls that wait for it are rejected with LabError `interrupted`. */
  close(): Promise<void>;
}

export interface ComputeQueueOptions {
  readonly log: (line: string) => void;
  /** Another script than the compute process's own. */
  readonly entry?: string;
}

/** Creates the queue; the process starts with the first job that asks for it. */
export function createComputeQueue({ log, ...entry }: ComputeQueueOptions): ComputeQueue {
  let engine: EngineRoutes | null = null;
  let host: ComputeHost | null = null;
  /** Tells whether the process was started before an engine was asked for. */
  let isBare = false;
  let current: JobListener = {};
  let stop: AbortSignal | null = null;
  const closing = new AbortController();
  const turns = new PQueue({ concurrency: 1 });

  const listener: ComputeListener = {
    onEvent: (event) => current.onEvent?.(event),
    onSample: (sample) => current.onSample?.(sample),
    onTile: (done, total) => current.onTile?.(done, total),
    settle: async () => current.settle?.(),
  };
  const tellLine = (line: string): void => {
    log(line);
    current.onLine?.(line);
  };
  const findEngine = async (mayInstall: boolean): Promise<EngineRoutes> => {
    const signal = AbortSignal.any([closing.signal, ...(stop === null ? [] : [stop])]);
    return ensureEngine({ log: tellLine, mayInstall, signal });
  };
  const start = (found: EngineRoutes): ComputeFunctions => {
    refuseIfClosed(closing.signal);
    if (host === null || host.getEnd() !== null) {
      host = startComputeHost({ engine: found, listener, log: tellLine, ...entry });
    }
    return host.compute;
  };
  const lease: ComputeLease = {
    getCompute: async () => {
      engine ??= await findEngine(true);
      if (isBare) await lease.restart();
      return start(engine);
    },
    getBareCompute: async () => {
      if (engine !== null) return { compute: start(engine), hasEngine: engine.native };
      const found = await findEngine(false);
      if (found.native) engine = found;
      else isBare = true;
      return { compute: start(found), hasEngine: found.native };
    },
    restart: async () => {
      await host?.close();
      host = null;
      isBare = false;
    },
  };
  return {
    use: (jobListener, signal, work) => {
      // The queue gives up a turn whose signal is aborted, also one that was taken; a job at work has the process until it ends.
      const waiting = new AbortController();
      const giveUp = (): void => waiting.abort(new LabError("interrupted", "compute: stopped before its turn came"));
      if (signal?.aborted === true) giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      const take = async () => {
        signal?.removeEventListener("abort", giveUp);
        refuseIfClosed(closing.signal);
        current = jobListener;
        stop = signal;
        try {
          return await work(lease);
        } finally {
          if (current === jobListener) current = {};
        }
      };
      return turns.add(take, { signal: waiting.signal });
    },
    close: async () => {
      closing.abort();
      await host?.close();
    },
  };
}

function refuseIfClosed({ aborted }: AbortSignal): void {
  if (aborted) throw new LabError("interrupted", "compute: the lab was closed");
}

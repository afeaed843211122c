import PQueue from "p-queue";

import { type EngineRoutes, ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { type ComputeHost, startComputeHost } from "#main/compute/host.ts";
import type { ComputeFunctions, ComputeListener } from "#main/compute/protocol.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import { LabError } from "#shared/labError.ts";

/** The compute process while one job has it to itself. */
export interface ComputeLease {
  /** Gets the process with the engine, which is installed first where there is none. */
  getCompute(): Promise<ComputeFunctions>;
  /** Gets the process with the engine where it is in place already, and without it where not: nothing is installed. */
  getBareCompute(): Promise<{ readonly compute: ComputeFunctions; readonly hasEngine: boolean }>;
  /** The number of the process that runs now; null where none does. */
  getProcessId(): number | null;
  /** Ends the process, so that the next `getCompute` starts a fresh one. */
  restart(): Promise<void>;
}

/** What hears of the process while a job has it. */
export interface JobListener extends Partial<ComputeListener> {
  /** Gets each line about the engine's installation and each line that the process writes. */
  readonly onLine?: (line: string) => void;
}

/** Who goes first: work for which somebody waits at the window, then what has begun and goes on, then what is new. */
export type Urgency = keyof typeof PRIORITIES;
const PRIORITIES = { urgent: 2, begun: 1, new: 0 } as const;

/** Hands the lab's one compute process to one job after the other, in the order of asking. */
export interface ComputeQueue {
  /**
   * Waits for its turn and does `work` with the process; what the process tells meanwhile goes to `listener`. Throws
   * LabError `interrupted` where `signal` is aborted before the turn comes, or the queue is closed.
   */
  use<T>(
    listener: JobListener,
    signal: AbortSignal | null,
    work: (lease: ComputeLease) => Promise<T>,
    urgency?: Urgency,
  ): Promise<T>;
  /** Ends the process; calls that wait for it are rejected with LabError `interrupted`. */
  close(): Promise<void>;
}

export interface ComputeQueueOptions {
  readonly log: (line: string) => void;
  /** What the next process computes on; by default what the engine finds best. */
  readonly getDevice?: () => EngineDevice;
  /** Another script than the compute process's own. */
  readonly entry?: string;
  /** False uses an engine that is in place and installs none. */
  readonly mayInstall?: boolean;
}

/** Creates the queue; the process starts with the first job that asks for it. */
export function createComputeQueue({
  log,
  getDevice = () => "auto",
  mayInstall = true,
  ...entry
}: ComputeQueueOptions): ComputeQueue {
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
  const lease = createLease({
    ...entry,
    mayInstall,
    listener,
    getDevice,
    log: tellLine,
    getSignal: () => AbortSignal.any([closing.signal, ...(stop === null ? [] : [stop])]),
    checkOpen: () => refuseIfClosed(closing.signal),
  });
  return {
    use: (jobListener, signal, work, urgency = "new") => {
      // The queue gives up a turn whose signal is aborted, also one that was taken; a job at work has the process until it ends.
      const waiting = new AbortController();
      const giveUp = (): void => waiting.abort(new LabError("interrupted", "stopped before its turn came"));
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
      return turns.add(take, { signal: waiting.signal, priority: PRIORITIES[urgency] });
    },
    close: async () => {
      closing.abort();
      await lease.restart();
    },
  };
}

/** What the process is started with, and what ends the search for an engine. */
interface LeaseOptions {
  readonly mayInstall: boolean;
  readonly entry?: string;
  readonly listener: ComputeListener;
  readonly log: (line: string) => void;
  getDevice(): EngineDevice;
  getSignal(): AbortSignal;
  /** Throws LabError `interrupted` where no process may be started any more. */
  checkOpen(): void;
}

/** Keeps the one process. One without an engine, or on another device, makes way as soon as somebody needs one with it. */
function createLease({ getSignal, getDevice, checkOpen, mayInstall, ...options }: LeaseOptions): ComputeLease {
  let engine: EngineRoutes | null = null;
  let host: ComputeHost | null = null;
  let isBare = false;
  let device: EngineDevice = "auto";
  const findEngine = (isWanted: boolean): Promise<EngineRoutes> =>
    ensureEngine({ log: options.log, mayInstall: isWanted, device, signal: getSignal() });
  const start = (found: EngineRoutes): ComputeFunctions => {
    checkOpen();
    if (host === null || host.getEnd() !== null) host = startComputeHost({ engine: found, ...options });
    return host.compute;
  };
  const restart = async (): Promise<void> => {
    await host?.close();
    host = null;
    isBare = false;
  };
  const takeDevice = async (): Promise<void> => {
    const chosen = getDevice();
    if (chosen === device) return;
    device = chosen;
    engine = null;
    await restart();
  };
  return {
    getCompute: async () => {
      await takeDevice();
      engine ??= await findEngine(mayInstall);
      if (isBare) await restart();
      return start(engine);
    },
    getBareCompute: async () => {
      await takeDevice();
      const found = engine ?? (await findEngine(false));
      if (found.native) engine = found;
      else isBare = engine === null;
      return { compute: start(found), hasEngine: found.native };
    },
    getProcessId: () => (host === null || host.getEnd() !== null ? null : host.getPid()),
    restart,
  };
}

function refuseIfClosed({ aborted }: AbortSignal): void {
  if (aborted) throw new LabError("interrupted", "the lab was closed");
}

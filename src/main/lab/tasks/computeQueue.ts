import { availableParallelism } from "node:os";

import PQueue from "p-queue";

import { findNvidiaGpus } from "#main/engine/install/findTools.ts";
import { type EngineRoutes, ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { type ComputeHost, startComputeHost } from "#main/compute/host.ts";
import type { ComputeFunctions, ComputeListener } from "#main/compute/protocol.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import { LabError } from "#shared/labError.ts";

import { choosePlace, type ComputePlace, toPlaceEnvironment } from "./computePlace.ts";

/** The compute process while one job has it to itself. */
export interface ComputeLease {
  /** Gets the process with the engine, which is installed first where there is none. */
  getCompute(): Promise<ComputeFunctions>;
  /** Gets the process with the engine where it is in place already, and without it where not: nothing is installed. */
  getBareCompute(): Promise<{ readonly compute: ComputeFunctions; readonly hasEngine: boolean }>;
  /** The number of the process that runs now; null where none does. */
  getProcessId(): number | null;
  /** What the process computes on, as it was chosen at the last `getCompute`. */
  getPlace(): ComputePlace;
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

/** Hands compute processes to one job after the other, in the order of asking: one process, or as many as the settings want at once. */
export interface ComputeQueue {
  /**
   * Waits for its turn and does `work` with a process; what the process tells meanwhile goes to `listener`. Throws
   * LabError `interrupted` where `signal` is aborted before the turn comes, or the queue is closed.
   */
  use<T>(
    listener: JobListener,
    signal: AbortSignal | null,
    work: (lease: ComputeLease) => Promise<T>,
    urgency?: Urgency,
  ): Promise<T>;
  /** Lets jobs begin that may, since more processes are wanted. */
  adjust(): void;
  /** Ends the processes; calls that wait for one are rejected with LabError `interrupted`. */
  close(): Promise<void>;
}

export interface ComputeQueueOptions {
  readonly log: (line: string) => void;
  /** What the next process computes on; by default what the engine finds best. */
  readonly getDevice?: () => EngineDevice;
  /** How many jobs have a process at once, each one of its own; by default one. */
  readonly getProcesses?: () => number;
  /** Another script than the compute process's own. */
  readonly entry?: string;
  /** False uses an engine that is in place and installs none. */
  readonly mayInstall?: boolean;
}

/** Creates the queue; a process starts with the first job that asks for it. */
export function createComputeQueue(options: ComputeQueueOptions): ComputeQueue {
  const { getProcesses = () => 1 } = options;
  const closing = new AbortController();
  const turns = new PQueue({ concurrency: 1 });
  const seats: Seat[] = [];
  const getPlace = createPlaceChooser(options);
  const takeSeat = (): Seat => {
    const free = seats.find(({ isTaken }) => !isTaken);
    if (free !== undefined) return free;
    const index = seats.length;
    const seat = openSeat(options, () => getPlace(index), closing.signal);
    seats.push(seat);
    return seat;
  };
  // The first process stays for the next job, as one alone always does; the others hold memory that nobody may need.
  const leave = async (seat: Seat): Promise<void> => {
    const isSpare = seat !== seats[0] && (turns.size === 0 || seats.indexOf(seat) >= getProcesses());
    if (isSpare) await seat.lease.restart();
  };
  const adjust = (): void => {
    turns.concurrency = getProcesses();
  };
  return {
    use: (jobListener, signal, work, urgency = "new") => {
      adjust();
      // The queue gives up a turn whose signal is aborted, also one that was taken; a job at work has the process until it ends.
      const waiting = new AbortController();
      const giveUp = (): void => waiting.abort(new LabError("interrupted", "stopped before its turn came"));
      if (signal?.aborted === true) giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      const take = async () => {
        signal?.removeEventListener("abort", giveUp);
        refuseIfClosed(closing.signal);
        const seat = takeSeat();
        seat.isTaken = true;
        seat.listener = jobListener;
        seat.stop = signal;
        try {
          return await work(seat.lease);
        } finally {
          seat.listener = {};
          await leave(seat).finally(() => (seat.isTaken = false));
        }
      };
      return turns.add(take, { signal: waiting.signal, priority: PRIORITIES[urgency] });
    },
    adjust,
    close: async () => {
      closing.abort();
      await Promise.all(seats.map(({ lease }) => lease.restart()));
    },
  };
}

/** Chooses what the process of each seat computes on; cards are looked for once, where there is something to share out. */
function createPlaceChooser({
  getDevice = () => "auto",
  getProcesses = () => 1,
}: ComputeQueueOptions): (index: number) => Promise<ComputePlace> {
  let cards: Promise<readonly string[]> | null = null;
  return async (index) => {
    const processes = getProcesses();
    const device = getDevice();
    const mayHaveCards = processes > 1 && device === "auto";
    const found = mayHaveCards ? await (cards ??= findNvidiaGpus(process.env)) : [];
    return choosePlace(index, { processes, device, cards: found.length, threads: availableParallelism() });
  };
}

/** A process and the job that has it. */
interface Seat {
  readonly lease: ComputeLease;
  isTaken: boolean;
  listener: JobListener;
  /** Ends the search for an engine with the job that wants it. */
  stop: AbortSignal | null;
}

function openSeat(
  { log, mayInstall = true, entry }: ComputeQueueOptions,
  getPlace: () => Promise<ComputePlace>,
  closing: AbortSignal,
): Seat {
  const listener: ComputeListener = {
    onEvent: (event) => seat.listener.onEvent?.(event),
    onSample: (sample) => seat.listener.onSample?.(sample),
    onTile: (done, total) => seat.listener.onTile?.(done, total),
    settle: async () => seat.listener.settle?.(),
  };
  const lease = createLease({
    ...(entry === undefined ? {} : { entry }),
    mayInstall,
    listener,
    getPlace,
    log: (line) => {
      log(line);
      seat.listener.onLine?.(line);
    },
    getSignal: () => AbortSignal.any([closing, ...(seat.stop === null ? [] : [seat.stop])]),
    checkOpen: () => refuseIfClosed(closing),
  });
  const seat: Seat = { lease, isTaken: false, listener: {}, stop: null };
  return seat;
}

/** What the process is started with, and what ends the search for an engine. */
interface LeaseOptions {
  readonly mayInstall: boolean;
  readonly entry?: string;
  readonly listener: ComputeListener;
  readonly log: (line: string) => void;
  getPlace(): Promise<ComputePlace>;
  getSignal(): AbortSignal;
  /** Throws LabError `interrupted` where no process may be started any more. */
  checkOpen(): void;
}

/** Keeps one process. One without an engine, or in another place, makes way as soon as somebody needs one with it. */
function createLease({ getSignal, getPlace, checkOpen, mayInstall, ...options }: LeaseOptions): ComputeLease {
  let engine: EngineRoutes | null = null;
  let host: ComputeHost | null = null;
  let isBare = false;
  let place: ComputePlace = { device: "auto", threads: null, isCardShared: false };
  const findEngine = (isWanted: boolean): Promise<EngineRoutes> =>
    ensureEngine({ log: options.log, mayInstall: isWanted, device: place.device, signal: getSignal() });
  const start = ({ env, routes }: EngineRoutes): ComputeFunctions => {
    checkOpen();
    if (host === null || host.getEnd() !== null) {
      host = startComputeHost({ engine: { routes, env: toPlaceEnvironment(place, env) }, ...options });
    }
    return host.compute;
  };
  const restart = async (): Promise<void> => {
    await host?.close();
    host = null;
    isBare = false;
  };
  const takePlace = async (): Promise<void> => {
    const chosen = await getPlace();
    if (JSON.stringify(chosen) === JSON.stringify(place)) return;
    if (chosen.device !== place.device) engine = null;
    place = chosen;
    await restart();
  };
  return {
    getCompute: async () => {
      await takePlace();
      engine ??= await findEngine(mayInstall);
      if (isBare) await restart();
      return start(engine);
    },
    getBareCompute: async () => {
      await takePlace();
      const found = engine ?? (await findEngine(false));
      if (found.native) engine = found;
      else isBare = engine === null;
      return { compute: start(found), hasEngine: found.native };
    },
    getProcessId: () => (host === null || host.getEnd() !== null ? null : host.getPid()),
    getPlace: () => place,
    restart,
  };
}

function refuseIfClosed({ aborted }: AbortSignal): void {
  if (aborted) throw new LabError("interrupted", "the lab was closed");
}

import PQueue from "p-queue";

import { type ComputeHost, startComputeHost } from "#main/compute/host.ts";
import type { StepTimes, TimingRequest } from "#main/compute/protocol.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import { LabError } from "#shared/labError.ts";
import { ensureEngine } from "#main/engine/install/ensureEngine.ts";

/** How fast the steps of a job were, and whether a run was at work beside them. */
export interface TimedSteps extends StepTimes {
  readonly isBesideRun: boolean;
}

/** Times jobs before their first run, each job's sizes once. */
export interface StepTimer {
  /** Returns what was timed before; null where nothing was. */
  find(request: TimingRequest): TimedSteps | null;
  /**
   * Takes a job's steps for about a second in a process of its own, after all that were asked before. Null where the engine is
   * not installed yet, for a form installs nothing. Throws LabError.
   */
  time(request: TimingRequest): Promise<TimedSteps | null>;
  /** Ends what is being timed; calls that wait are rejected with LabError `interrupted`. */
  close(): Promise<void>;
}

export interface StepTimerOptions {
  readonly log: (line: string) => void;
  /** What is computed on. */
  readonly getDevice: () => EngineDevice;
  /** Whether a search or training is at work now. */
  readonly isBusy: () => boolean;
  /** Another compute process than the lab's own. */
  readonly computeEntry: string | null;
}

/** Creates a timer that has timed nothing yet. */
export function createStepTimer({ log, getDevice, isBusy, computeEntry }: StepTimerOptions): StepTimer {
  const known = new Map<string, TimedSteps>();
  const turns = new PQueue({ concurrency: 1 });
  const closing = new AbortController();
  let host: ComputeHost | null = null;

  async function time(request: TimingRequest): Promise<TimedSteps | null> {
    const device = getDevice();
    const earlier = known.get(keyOf(request, device));
    if (earlier !== undefined && (!earlier.isBesideRun || isBusy())) return earlier;
    const engine = await ensureEngine({ log, device, mayInstall: false });
    if (!engine.native) return null;
    const listener = { onEvent: () => undefined, onSample: () => undefined, onTile: () => undefined };
    const entry = computeEntry === null ? {} : { entry: computeEntry };
    const started = startComputeHost({ engine, listener, log: () => undefined, ...entry });
    host = started;
    try {
      const wasBusy = isBusy();
      const times = await started.compute.timeSteps(request);
      const timed = { ...times, isBesideRun: wasBusy || isBusy() };
      known.set(keyOf(request, device), timed);
      return timed;
    } finally {
      host = null;
      await started.close();
    }
  }

  return {
    find: (request) => known.get(keyOf(request, getDevice())) ?? null,
    time: (request) => turns.add(() => time(request), { signal: closing.signal }),
    close: async () => {
      closing.abort(new LabError("interrupted", "the lab was closed"));
      await host?.close();
    },
  };
}

/** Photos, seeds and the number of steps change nothing about one step. */
function keyOf(request: TimingRequest, device: EngineDevice): string {
  if (request.kind === "search") {
    const { space, search, noise, augmentation } = request.config;
    return JSON.stringify([device, space, { ...search, epochs: 0, warmupEpochs: 0 }, noise.kind, augmentation]);
  }
  const { network, training, noise, augmentation } = request.config;
  return JSON.stringify([device, request.genotype, network, { ...training, steps: 0 }, noise.kind, augmentation]);
}

import type { EngineDevice } from "#shared/api/engineDevice.ts";

/** What a process of several at once computes on. */
export interface ComputePlace {
  readonly device: EngineDevice;
  /** The processor's threads that it may take; null for all. */
  readonly threads: number | null;
  /** True where another process computes on the same card. */
  readonly isCardShared: boolean;
}

/** What is shared out among processes. */
export interface Sharing {
  /** How many processes there may be at once. */
  readonly processes: number;
  /** What the person chose to compute on. */
  readonly device: EngineDevice;
  /** How many NVIDIA cards there are. */
  readonly cards: number;
  /** The processor's threads. */
  readonly threads: number;
}

/**
 * Chooses what process `index`, from 0, computes on: one alone gets all, as if nothing were shared out; of several each gets a card, in turn
 * where there are fewer cards than processes, and an equal part of the processor's threads.
 */
export function choosePlace(index: number, { processes, device, cards, threads }: Sharing): ComputePlace {
  if (processes === 1) return { device, threads: null, isCardShared: false };
  const share = Math.max(1, Math.floor(threads / processes));
  if (device === "auto" && cards > 0) {
    return { device: `gpu:${index % cards}`, threads: share, isCardShared: processes > cards };
  }
  return { device, threads: share, isCardShared: device !== "auto" && device !== "cpu" };
}

/** The variables that keep a process to its place; what the person has set is kept. */
export function toPlaceEnvironment(place: ComputePlace, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { threads, isCardShared } = place;
  return {
    ...(threads === null ? {} : { TF_NUM_INTRAOP_THREADS: String(threads) }),
    // Without it the first process takes all of the card's memory.
    ...(isCardShared ? { TF_FORCE_GPU_ALLOW_GROWTH: "true" } : {}),
    ...env,
  };
}

/** Tells of a place in a run's log, e.g. `gpu:1, 4 threads`; null where nothing is shared out. */
export function describePlace({ device, threads }: ComputePlace): string | null {
  if (threads === null) return null;
  return `${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

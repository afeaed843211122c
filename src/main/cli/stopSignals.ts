import { EXIT_CODE_OF_SIGNAL, type StopSignal } from "./exitCodes.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const satisfies readonly StopSignal[];

/** A watch for Ctrl-C and for the system's request to end. */
export interface StopWatch {
  /** The first signal that came, or null. */
  readonly received: StopSignal | null;
  /** Gives the signals back to their usual effect. */
  dispose(): void;
}

/** Calls `onFirst` at the first signal, which asks for an orderly end; the second signal ends the process at once. */
export function watchStopSignals(onFirst: (signal: StopSignal) => void): StopWatch {
  let received: StopSignal | null = null;
  const listen = (signal: StopSignal): void => {
    if (received !== null) process.exit(EXIT_CODE_OF_SIGNAL[signal]);
    received = signal;
    onFirst(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    get received() {
      return received;
    },
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
}

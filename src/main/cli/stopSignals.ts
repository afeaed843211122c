import { EXIT_CODE_OF_SIGNAL, type StopSignal } from "./exitCodes.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const satisfies readonly StopSignal[];
/** Queues of clusters warn by this one before a job's time is over. */
const PATIENT_SIGNALS = [...SIGNALS, "SIGUSR1"] as const satisfies readonly StopSignal[];

/** A watch for Ctrl-C, for the system's request to end and for the end of the terminal. */
export interface StopWatch {
  /** The first signal that came, or null. */
  readonly received: StopSignal | null;
  /** Gives the signals back to their usual effect. */
  dispose(): void;
}

/**
 * Calls `onFirst` at the first signal, which asks for an orderly end; the second signal ends the process at once. A terminal
 * that is closed says so several times, which counts as once. Where `isPatient`, SIGUSR1 asks too, and nothing but a second
 * Ctrl-C ends the process at once: queues send SIGTERM to a job's script and to all that it started, which comes here twice.
 */
export function watchStopSignals(onFirst: (signal: StopSignal) => void, isPatient = false): StopWatch {
  const signals = isPatient ? PATIENT_SIGNALS : SIGNALS;
  let received: StopSignal | null = null;
  const listen = (signal: StopSignal): void => {
    if (signal === "SIGHUP") letTerminalGo();
    if (received !== null) {
      if (signal === "SIGHUP" || (isPatient && signal !== "SIGINT")) return;
      process.exit(EXIT_CODE_OF_SIGNAL[signal]);
    }
    received = signal;
    onFirst(signal);
  };
  for (const signal of signals) process.on(signal, listen);
  return {
    get received() {
      return received;
    },
    dispose: () => {
      for (const signal of signals) process.off(signal, listen);
    },
  };
}

/** What is said from now on reaches nobody, which must not end the process before its checkpoint. */
function letTerminalGo(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    stream.on("error", () => undefined);
  }
}

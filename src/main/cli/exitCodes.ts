import type { LabErrorKind } from "#shared/labError.ts";

/** What the exit code of `hinas` tells a script. */
export const EXIT_CODES = {
  good: 0,
  failed: 1,
  usage: 2,
  badInput: 3,
  device: 4,
  someFailed: 5,
  /** Of `hinas run`: it made room with a checkpoint and goes on when it is started again. The number is the system's for "try again later". */
  toBeContinued: 75,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The exit code of each kind of trouble. */
export const EXIT_CODE_OF_KIND: Readonly<Record<LabErrorKind, ExitCode>> = {
  bad_config: EXIT_CODES.badInput,
  bad_data: EXIT_CODES.badInput,
  not_found: EXIT_CODES.badInput,
  bad_checkpoint: EXIT_CODES.badInput,
  bad_genotype: EXIT_CODES.badInput,
  newer_version: EXIT_CODES.badInput,
  permission: EXIT_CODES.badInput,
  engine: EXIT_CODES.device,
  other_engine: EXIT_CODES.device,
  memory: EXIT_CODES.device,
  disk: EXIT_CODES.failed,
  diverged: EXIT_CODES.failed,
  busy: EXIT_CODES.failed,
  site: EXIT_CODES.failed,
  interrupted: EXIT_CODES.interrupted,
};

/** The exit code of each signal that ends a job after its checkpoint. */
export const EXIT_CODE_OF_SIGNAL = {
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
  SIGHUP: EXIT_CODES.hungUp,
  SIGUSR1: EXIT_CODES.toBeContinued,
} as const;
export type StopSignal = keyof typeof EXIT_CODE_OF_SIGNAL;

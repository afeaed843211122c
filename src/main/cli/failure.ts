import { LabError, type LabErrorKind } from "#shared/labError.ts";

import { EXIT_CODES, EXIT_CODE_OF_KIND, type ExitCode } from "./exitCodes.ts";
import type { Terminal } from "./terminal.ts";

/** What a person can do next about some kinds of trouble. */
const NEXT_STEPS: Partial<Readonly<Record<LabErrorKind, string>>> = {
  engine: "`hinas doctor` shows which ways to an engine were tried and why each failed.",
  memory: "A smaller batch, patch or memory budget needs less memory.",
  newer_version: "A newer version of HiNAS Lab wrote this; update HiNAS Lab to read it.",
};

/**
 * Says on stderr what went wrong and what to do next, with the stack trace when verbose, and returns the exit code. With `isJson` one JSON
 * object on stdout says so too: `{ "error": { "kind", "message", "exitCode" } }`, where a fault in the program has the kind null.
 */
export function reportFailure(error: unknown, terminal: Terminal, isJson = false): ExitCode {
  const exitCode = error instanceof LabError ? EXIT_CODE_OF_KIND[error.kind] : EXIT_CODES.failed;
  if (isJson) {
    const kind = error instanceof LabError ? error.kind : null;
    terminal.printJson({ error: { kind, message: error instanceof Error ? error.message : String(error), exitCode } });
  }
  if (error instanceof LabError) {
    terminal.warn(error.message);
    const next = NEXT_STEPS[error.kind];
    if (next !== undefined) terminal.say(next);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    terminal.warn(`hinas: this is a fault in the program: ${message}`);
    if (!terminal.verbose) terminal.say("Run it again with --verbose to see where it happened.");
  }
  if (terminal.verbose && error instanceof Error) terminal.say(traceOf(error));
  return exitCode;
}

function traceOf(error: Error): string {
  const trace = error.stack ?? error.message;
  return error.cause instanceof Error ? `${trace}\ncaused by ${traceOf(error.cause)}` : trace;
}

import { basename } from "node:path";

import type { ProgramResult } from "#main/processes/runProgram.ts";
import { runApart } from "#main/processes/startProcess.ts";
import { LabError } from "#shared/labError.ts";

export type ToolResult = ProgramResult;

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Ends the program. */
  readonly signal?: AbortSignal | null;
}

/** Runs a program to its end without a shell; a missing program, a time-out and a crash are results, never exceptions. */
export async function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, env = process.env, timeoutMs, signal = null } = options;
  if (signal?.aborted === true) {
    return { ok: false, stdout: "", failure: `${basename(command)} was stopped`, isInterrupted: true };
  }
  return runApart({ command, args, cwd, env, timeoutMs }, signal);
}

/** Says of which attempt a program's failure was the end: `interrupted` where somebody ended it, else `engine`. */
export function toToolError(attempt: string, { failure, isInterrupted }: ToolResult): LabError {
  return new LabError(isInterrupted ? "interrupted" : "engine", `${attempt}: ${failure}`);
}

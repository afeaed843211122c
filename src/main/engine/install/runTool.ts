import { spawn } from "node:child_process";
import { basename } from "node:path";

import { LabError } from "#shared/labError.ts";

export interface ToolResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Null where it worked; otherwise one line: the last thing the tool said, or why it did not run. */
  readonly failure: string | null;
  /** True where somebody ended it: a person, this program or the system. */
  readonly isInterrupted: boolean;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Ends the program. */
  readonly signal?: AbortSignal | null;
}

/** What ends a program from outside; other signals are crashes of its own. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"]);

/** Runs a program to its end without a shell; a missing program, a time-out and a crash are results, never exceptions. */
export function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, env = process.env, timeoutMs, signal: stop } = options;
  const name = basename(command);
  if (stop?.aborted)
    return Promise.resolve({ ok: false, stdout: "", failure: `${name} was stopped`, isInterrupted: true });
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let isLate = false;
    const timer = setTimeout(() => (isLate = child.kill("SIGKILL")), timeoutMs);
    const end = (): void => void child.kill("SIGTERM");
    stop?.addEventListener("abort", end);
    const forget = (): void => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", end);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      forget();
      const failure = error.code === "ENOENT" ? `${name} was not found` : `${name}: ${error.message}`;
      resolve({ ok: false, stdout, failure, isInterrupted: false });
    });
    child.on("close", (code, signal) => {
      forget();
      const ending = isLate ? `no end after ${timeoutMs / 1000} s` : (signal ?? `code ${code ?? "unknown"}`);
      const failure = code === 0 ? null : `${name} ended with ${ending}: ${pickTellingLine(stderr || stdout)}`;
      const isInterrupted = !isLate && (stop?.aborted === true || (signal !== null && FROM_OUTSIDE.has(signal)));
      resolve({ ok: code === 0, stdout, failure, isInterrupted });
    });
  });
}

/** Says of which attempt a program's failure was the end: `interrupted` where somebody ended it, else `engine`. */
export function toToolError(attempt: string, { failure, isInterrupted }: ToolResult): LabError {
  return new LabError(isInterrupted ? "interrupted" : "engine", `${attempt}: ${failure}`);
}

/** The first line that states an error, else the last one. */
function pickTellingLine(text: string): string {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const line = lines.find((candidate) => /error:/i.test(candidate)) ?? lines.at(-1) ?? "it said nothing";
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

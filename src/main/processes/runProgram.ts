import { spawn } from "node:child_process";
import { basename } from "node:path";

/** A program, how it is started and how long it may take. */
export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

export interface ProgramResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Null where it worked; otherwise one line: the last thing the program said, or why it did not run. */
  readonly failure: string | null;
  /** True where somebody ended it: a person, this program or the system. */
  readonly isInterrupted: boolean;
}

/** What ends a program from outside; other signals are crashes of its own. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"]);

/** Runs a program to its end without a shell; a missing program, a time-out and a crash are results, never exceptions. */
export function runProgram(
  { command, args, cwd, env, timeoutMs }: ProgramStart,
  stop: AbortSignal,
): Promise<ProgramResult> {
  const name = basename(command);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let isLate = false;
    const timer = setTimeout(() => (isLate = child.kill("SIGKILL")), timeoutMs);
    const end = (): void => void child.kill("SIGTERM");
    stop.addEventListener("abort", end);
    const forget = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      forget();
      resolve({ ok: false, stdout, failure: describeStartError(name, error), isInterrupted: false });
    });
    child.on("close", (code, signal) => {
      forget();
      const ending = isLate ? `no end after ${timeoutMs / 1000} s` : (signal ?? `code ${code ?? "unknown"}`);
      const failure = code === 0 ? null : `${name} ended with ${ending}: ${pickTellingLine(stderr || stdout)}`;
      const isInterrupted = !isLate && (stop.aborted || (signal !== null && FROM_OUTSIDE.has(signal)));
      resolve({ ok: code === 0, stdout, failure, isInterrupted });
    });
  });
}

/** Says why a program did not start. */
export function describeStartError(name: string, { code, message }: NodeJS.ErrnoException): string {
  return code === "ENOENT" ? `${name} was not found` : `${name}: ${message}`;
}

/** The first line that states an error, else the last one. */
export function pickTellingLine(text: string): string {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const line = lines.find((candidate) => /error:/i.test(candidate)) ?? lines.at(-1) ?? "it said nothing";
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

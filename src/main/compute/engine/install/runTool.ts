import { spawn } from "node:child_process";
import { basename } from "node:path";

export interface ToolResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Null where it worked; otherwise one line: the last thing the tool said, or why it did not run. */
  readonly failure: string | null;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Runs a program to its end without a shell; a missing program, a time-out and a crash are results, never exceptions. */
export function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, env = process.env, timeoutMs } = options;
  const name = basename(command);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let isLate = false;
    const timer = setTimeout(() => (isLate = child.kill("SIGKILL")), timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const failure = error.code === "ENOENT" ? `${name} was not found` : `${name}: ${error.message}`;
      resolve({ ok: false, stdout, failure });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const ending = isLate ? `no end after ${timeoutMs / 1000} s` : (signal ?? `code ${code ?? "unknown"}`);
      const failure = code === 0 ? null : `${name} ended with ${ending}: ${pickTellingLine(stderr || stdout)}`;
      resolve({ ok: code === 0, stdout, failure });
    });
  });
}

/** The first line that states an error, else the last one. */
function pickTellingLine(text: string): string {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const line = lines.find((candidate) => /error:/i.test(candidate)) ?? lines.at(-1) ?? "it said nothing";
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

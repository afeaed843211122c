import { spawn } from "node:child_process";

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
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const startedAt = performance.now();
    child.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? `${command} was not found` : `${command}: ${error.message}`;
      resolve({ ok: false, stdout, failure: reason });
    });
    child.on("close", (code, signal) => {
      if (code === 0) return resolve({ ok: true, stdout, failure: null });
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const ending = signal === null ? `code ${code ?? "unknown"}` : `signal ${signal} after ${seconds} s`;
      resolve({
        ok: false,
        stdout,
        failure: `${command} ended with ${ending}: ${pickMeaningfulLine(stderr || stdout)}`,
      });
    });
  });
}

/** The first line that names an error, else the last line. */
function pickMeaningfulLine(text: string): string {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const line = lines.find((candidate) => /error/i.test(candidate)) ?? lines.at(-1) ?? "it said nothing";
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

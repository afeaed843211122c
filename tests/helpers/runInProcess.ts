import { spawn } from "node:child_process";
import { once } from "node:events";

import { onTestFinished } from "vitest";

/**
 * Runs TypeScript as a process of its own, with the project's import names, and returns what it wrote; stderr is part
 * of the answer, so that a test shows why a process failed. A process that is still there at the test's end is killed.
 */
export function startScript(script: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, ...args], {
    cwd: process.cwd(),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, ended };
}

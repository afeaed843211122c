import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { onTestFinished } from "vitest";

import { runCli } from "#main/cli/program.ts";

/** What a call of the command line gave. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** A working folder and a lab's home of a test's own, in which the command line is called. */
export interface Bench {
  readonly folder: string;
  readonly home: string;
  /** Calls the command line inside this process. */
  run(args: readonly string[], env?: Env): Promise<Outcome>;
  /** Calls the command line as a process of its own. */
  spawn(args: readonly string[], env?: Env): Promise<Outcome>;
}

/** Makes a bench that the end of the test takes away. */
export async function makeBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  return {
    folder,
    home,
    run: (args, env = {}) => callCli(args, folder, { HINAS_HOME: home, ...env }),
    spawn: (args, env = {}) => spawnCli(args, folder, { HINAS_HOME: home, ...env }),
  };
}

async function callCli(args: readonly string[], folder: string, env: Env): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const code = await runCli(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env,
    workingFolder: folder,
    presetsFolder: resolve("resources/presets"),
    version: "0.0.0-test",
    isAttended: false,
  });
  return { code, stdout, stderr };
}

async function spawnCli(args: readonly string[], folder: string, env: Env): Promise<Outcome> {
  const child = spawn(process.execPath, [resolve("src/main/cli.ts"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

import type { KnownWheels } from "#main/engine/install/knownWheels.ts";

/** What a process of its own does in a lab: begins it, or goes on where an earlier one was killed. */
export interface LabJob {
  readonly kind: "search" | "train" | "evaluate" | "denoise" | "import" | "engine" | "rebuild";
  readonly home: string;
  readonly photos: string;
  /** Where results and the engine go. */
  readonly output: string;
  readonly worker: "real" | "scripted";
  /** What the engine is made from, where that is the job. */
  readonly wheels: KnownWheels | null;
}

/** What became of a job whose process was not killed. */
export interface JobResult {
  readonly isDone: boolean;
  /** What must be the same however often the job was broken off, by name. */
  readonly digest: Readonly<Record<string, unknown>>;
}

/** A job's process. */
export interface StartedJob {
  readonly child: ChildProcess;
  /** Null where the process was killed; `trouble` holds what it said where it ended with an error. */
  readonly ended: Promise<{ readonly result: JobResult | null; readonly trouble: string | null }>;
}

const MARK = "RESULT ";

/** Starts a job in a process of its own. */
export function startJob(job: LabJob, env: NodeJS.ProcessEnv = {}): StartedJob {
  const child = spawn(process.execPath, [resolve("tests/trials/support/labChild.ts"), JSON.stringify(job)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => {
    const line = said.split("\n").find((each) => each.startsWith(MARK));
    const result = line === undefined ? null : (JSON.parse(line.slice(MARK.length)) as JobResult);
    const isTrouble = result === null && signal === null;
    return { result, trouble: isTrouble ? `exit ${String(code)}: ${said.trim().slice(-600)}` : null };
  });
  return { child, ended };
}

/** Tells the process that started this one what became of the job. */
export function tellResult(result: JobResult): void {
  process.stdout.write(`${MARK}${JSON.stringify(result)}\n`);
}

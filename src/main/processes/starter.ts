import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { assertNever } from "#shared/assertNever.ts";

import type { StarterNews, StarterOrder, WorkerStart } from "./orders.ts";
import { runProgram } from "./runProgram.ts";

/**
 * The process that starts others for the one that holds photos. To start a process, Linux copies the list of all memory of
 * the one that asks, which stands still meanwhile: with a photo of 45 megapixels for a quarter of a second or more. This one
 * stays small. What the processes say goes through it unread. It ends with the process that it works for, and all others do.
 */
const workers = new Map<number, { readonly child: ChildProcess; readonly ended: Promise<void> }>();
const programs = new Map<number, AbortController>();

/** In the middle of an op a worker cannot hear that its host is gone; after this long it is killed. Files are whole at every instant. */
const END_GRACE_MS = 1_000;

function tell(news: StarterNews): void {
  // Where nobody hears any more, `disconnect` ends all.
  process.send?.(news, undefined, undefined, () => undefined);
}

function obey(order: StarterOrder): void {
  const { id } = order;
  const child = workers.get(id)?.child;
  switch (order.kind) {
    case "start":
      startWorker(id, order);
      return;
    case "send":
      // A message that can no longer be sent is of no use when the end of the process is told.
      child?.send(order.message as object, () => undefined);
      return;
    case "disconnect":
      if (child?.connected === true) child.disconnect();
      return;
    case "kill":
      child?.kill("SIGKILL");
      return;
    case "run": {
      const stop = new AbortController();
      programs.set(id, stop);
      void runProgram(order, stop.signal).then((result) => {
        programs.delete(id);
        tell({ id, kind: "result", result });
      });
      return;
    }
    case "stop":
      programs.get(id)?.abort();
      return;
    default:
      assertNever(order);
  }
}

function startWorker(id: number, { entry, env, execArgv }: WorkerStart): void {
  const child = fork(entry, [], {
    serialization: "advanced",
    env: "electron" in process.versions ? { ...env, ELECTRON_RUN_AS_NODE: "1" } : env,
    execArgv: [...execArgv],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  tell({ id, kind: "started", pid: child.pid ?? null });
  child.on("message", (message) => tell({ id, kind: "message", message }));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", (line) => tell({ id, kind: "line", line }));
  }
  const ended = waitForEnd(child).then((how) => {
    workers.delete(id);
    tell({ id, kind: "ended", how });
  });
  workers.set(id, { child, ended });
}

/** Resolves when the process is gone and all it said has been heard; says how it ended. Never rejects. */
async function waitForEnd(child: ChildProcess): Promise<string> {
  const disconnected = once(child, "disconnect");
  const how = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : describeSignal(signal)));
  });
  if (child.connected) await disconnected;
  return how;
}

function describeSignal(signal: NodeJS.Signals): string {
  return signal === "SIGKILL" ? "SIGKILL; the system does this when memory runs out" : signal;
}

async function endAll(): Promise<void> {
  for (const stop of programs.values()) stop.abort();
  const left = [...workers.values()];
  for (const { child } of left) if (child.connected) child.disconnect();
  await Promise.race([Promise.all(left.map(({ ended }) => ended)), sleep(END_GRACE_MS)]);
  for (const { child } of workers.values()) child.kill("SIGKILL");
  process.exit(0);
}

// The terminal sends these to all, and only the process that this one works for decides what they mean.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("message", obey);
process.on("disconnect", () => void endAll());

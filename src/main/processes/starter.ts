import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { assertNever } from "#shared/assertNever.ts";

import type { KeptStart, StarterNews, StarterOrder, WorkerStart } from "./orders.ts";
import { describeStartError, runProgram } from "./runProgram.ts";

/** A process that lasts until it is told to end. */
interface Lasting {
  readonly child: ChildProcess;
  /** Resolves when it is gone and all that it said was told. */
  readonly ended: Promise<void>;
  send(message: unknown): void;
  /** Tells it to end. */
  end(): void;
}

/**
 * The process that starts others for the one that holds photos. To start a process, Linux copies the list of all memory of
 * the one that asks, which stands still meanwhile: with a photo of 45 megapixels for a quarter of a second or more. This one
 * stays small. What the processes say goes through it unread. It ends with the process that it works for, and all others do.
 */
const lasting = new Map<number, Lasting>();
const programs = new Map<number, AbortController>();

/** In the middle of work a process cannot hear that it is to end; after this long it is killed. Files are whole at every instant. */
const END_GRACE_MS = 1_000;

function tell(news: StarterNews): void {
  // Where nobody hears any more, `disconnect` ends all.
  process.send?.(news, undefined, undefined, () => undefined);
}

function obey(order: StarterOrder): void {
  const { id } = order;
  switch (order.kind) {
    case "start":
      startWorker(id, order);
      return;
    case "open":
      openProgram(id, order);
      return;
    case "send":
      lasting.get(id)?.send(order.message);
      return;
    case "disconnect":
      lasting.get(id)?.end();
      return;
    case "kill":
      lasting.get(id)?.child.kill("SIGKILL");
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
  keep(id, child, waitForEnd(child), {
    // A message that can no longer be sent is of no use when the end of the process is told.
    send: (message) => void child.send(message as object, () => undefined),
    end: () => {
      if (child.connected) child.disconnect();
    },
  });
}

function openProgram(id: number, { command, args, cwd, env, farewell }: KeptStart): void {
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "ignore", "pipe"] });
  const name = basename(command);
  const how = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(describeStartError(name, error)));
    child.once("close", (code, signal) =>
      resolve(`${name} ended with ${signal === null ? `code ${code}` : describeSignal(signal)}`),
    );
  });
  tell({ id, kind: "started", pid: child.pid ?? null });
  createInterface({ input: child.stderr }).on("line", (line) => tell({ id, kind: "line", line }));
  // What can no longer be written is of no use when the end of the program is told.
  child.stdin.on("error", () => undefined);
  keep(id, child, how, {
    send: (message) => void child.stdin.write(String(message)),
    end: () => void child.stdin.end(farewell),
  });
}

function keep(id: number, child: ChildProcess, how: Promise<string>, ways: Pick<Lasting, "send" | "end">): void {
  const ended = how.then((told) => {
    lasting.delete(id);
    tell({ id, kind: "ended", how: told });
  });
  lasting.set(id, { child, ended, ...ways });
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
  const left = [...lasting.values()];
  for (const { end } of left) end();
  await Promise.race([Promise.all(left.map(({ ended }) => ended)), sleep(END_GRACE_MS)]);
  for (const { child } of lasting.values()) child.kill("SIGKILL");
  process.exit(0);
}

// The terminal sends these to all, and only the process that this one works for decides what they mean.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("message", obey);
process.on("disconnect", () => void endAll());

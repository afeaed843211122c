import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { KeptStart, StarterNews, StarterOrder, WorkerStart } from "./orders.ts";
import type { ProgramResult, ProgramStart } from "./runProgram.ts";

/** A process with a worker script. */
export interface StartedProcess {
  /** Null before it runs, and where it could not be started. */
  getPid(): number | null;
  /** Resolves when the message is on its way. */
  send(message: unknown): Promise<void>;
  /** Ends the connection, which tells a worker to end. */
  disconnect(): void;
  kill(): void;
  /** Resolves, when the process is gone and all that it said was told, with how it ended. */
  readonly ended: Promise<string>;
}

export interface ProcessListener {
  onMessage(message: unknown): void;
  /** Gets each line that the process writes. */
  onLine(line: string): void;
}

/** A program that is kept to do more than one thing. */
export interface KeptProgram {
  /** Says something to it. */
  write(text: string): void;
  /** Says its farewell, that it may end. */
  disconnect(): void;
  kill(): void;
  /** While it is needed, this process does not end by itself. */
  setNeeded(isNeeded: boolean): void;
  /** Resolves, when it is gone and all that it said was told, with why. */
  readonly ended: Promise<string>;
}

/** Told of a process: news, or that there will be none because the starter is gone. */
type OnNews = (news: StarterNews | null) => void;

interface Starter {
  readonly child: ChildProcess;
  readonly listeners: Map<number, OnNews>;
  /** Those of them for which this process must not end by itself. */
  readonly needed: Set<number>;
}

const NO_STARTER = "the process that starts others has ended";

let entry = fileURLToPath(new URL("./starter.ts", import.meta.url));
let starter: Starter | null = null;
let last = 0;

/** Sets the script of the starter where another lies beside this one, as in a built program; to be called before it is started. */
export function setStarterEntry(file: string): void {
  entry = file;
}

/**
 * Starts the small process by which all others are started; it is started on first use otherwise. A process that will hold
 * large photos starts it before, for to start one takes the longer the more memory is in use; see starter.ts.
 */
export function warmStarter(): void {
  getStarter();
}

/** Starts a process with a worker script, which may speak to this one; it ends with this one, whatever happens. */
export function startProcess(start: WorkerStart, { onMessage, onLine }: ProcessListener): StartedProcess {
  let pid: number | null = null;
  let tellEnd: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (tellEnd = resolve));
  const { order } = listen((news) => {
    if (news === null) tellEnd(NO_STARTER);
    else if (news.kind === "started") ({ pid } = news);
    else if (news.kind === "message") onMessage(news.message);
    else if (news.kind === "line") onLine(news.line);
    else if (news.kind === "ended") tellEnd(news.how);
  });
  void order({ kind: "start", ...start, env: { ...start.env } });
  return {
    getPid: () => pid,
    send: (message) => order({ kind: "send", message }),
    disconnect: () => void order({ kind: "disconnect" }),
    kill: () => void order({ kind: "kill" }),
    ended,
  };
}

/** Runs a program to its end as `runProgram` does. */
export function runApart(start: ProgramStart, stop: AbortSignal | null): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const end = (): void => void order({ kind: "stop" });
    const { order } = listen((news) => {
      if (news !== null && news.kind !== "result") return;
      stop?.removeEventListener("abort", end);
      resolve(news?.result ?? { ok: false, stdout: "", failure: NO_STARTER, isInterrupted: true });
    });
    stop?.addEventListener("abort", end);
    void order({ kind: "run", ...start, env: { ...start.env } });
  });
}

/** Starts a program that is kept, and hears each line of its stderr; it ends with this process, whatever happens. */
export function openProgram(start: KeptStart, onLine: (line: string) => void): KeptProgram {
  let pid: number | null = null;
  let tellEnd: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (tellEnd = resolve));
  const { order, setNeeded } = listen((news) => {
    if (news === null) {
      // Unlike a worker it does not see that nobody is there any more.
      if (pid !== null) killIfThere(pid);
      tellEnd(NO_STARTER);
    } else if (news.kind === "started") ({ pid } = news);
    else if (news.kind === "line") onLine(news.line);
    else if (news.kind === "ended") tellEnd(news.how);
  });
  void order({ kind: "open", ...start, env: { ...start.env } });
  return {
    write: (text) => void order({ kind: "send", message: text }),
    disconnect: () => void order({ kind: "disconnect" }),
    kill: () => void order({ kind: "kill" }),
    setNeeded,
    ended,
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

type WithoutId<Order> = Order extends unknown ? Omit<Order, "id"> : never;

/** Hears of a new process until it has ended; returns the way to give orders for it. */
function listen(onNews: OnNews): {
  readonly order: (order: WithoutId<StarterOrder>) => Promise<void>;
  readonly setNeeded: (isNeeded: boolean) => void;
} {
  const { child, listeners, needed } = getStarter();
  last += 1;
  const id = last;
  const setNeeded = (isNeeded: boolean): void => {
    if (isNeeded && listeners.has(id)) needed.add(id);
    else needed.delete(id);
    keepAlive(child, needed.size > 0);
  };
  listeners.set(id, (news) => {
    if (news === null || news.kind === "ended" || news.kind === "result") listeners.delete(id);
    onNews(news);
    setNeeded(needed.has(id));
  });
  setNeeded(true);
  const order = (given: WithoutId<StarterOrder>) =>
    new Promise<void>((resolve) => {
      // What can no longer be sent is told when the end of the starter is.
      child.send({ ...given, id }, () => resolve());
    });
  return { order, setNeeded };
}

function getStarter(): Starter {
  if (starter !== null) return starter;
  const child = fork(entry, [], {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const started: Starter = { child, listeners: new Map(), needed: new Set() };
  const end = (): void => {
    if (starter === started) starter = null;
    for (const onNews of [...started.listeners.values()]) onNews(null);
  };
  child.on("message", (news: StarterNews) => started.listeners.get(news.id)?.(news));
  child.on("error", end);
  child.on("exit", end);
  keepAlive(child, false);
  starter = started;
  return started;
}

/** This process may end while the starter has nothing to do, and not while it has. */
function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  for (const handle of [child, child.channel]) {
    if (isNeeded) handle?.ref();
    else handle?.unref();
  }
}

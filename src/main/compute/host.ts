import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { LabError } from "#shared/labError.ts";
import { connectHost, type HostChannel } from "./channel.ts";
import type { EngineRoutes } from "#main/engine/install/ensureEngine.ts";
import type { ComputeFunctions, ComputeListener } from "./protocol.ts";

/** That a compute process ended by itself, of which no work in it is the cause. */
export class ComputeEnd extends LabError {
  constructor(how: string, lastLines: string) {
    super("engine", `compute: the process ended by itself (${how})${lastLines}`);
  }
}

/** A running compute process. Its functions wait for the answer without limit and reject once the process has ended. */
export interface ComputeHost {
  readonly compute: ComputeFunctions;
  /** The number of the process; null where it could not be started. */
  readonly pid: number | null;
  /** Null while the process lives, else why it is gone. */
  getEnd(): LabError | null;
  /** Ends the process and resolves when it is gone; calls that still wait are rejected with `interrupted`. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** What `ensureEngine` found: the environment to start with and the routes to report. */
  readonly engine: Pick<EngineRoutes, "env" | "routes">;
  readonly listener: ComputeListener;
  /** Gets each line that the process writes, TensorFlow's messages among them. */
  readonly log: (line: string) => void;
  /** The script to start; by default worker.ts beside this file. */
  readonly entry?: string;
}

/** A process in the middle of an op cannot hear; after this long it is killed. Checkpoints are whole at every instant. */
const CLOSE_GRACE_MS = 1_000;
/**
 * What TensorFlow says at every start whatever its log level: that logging starts, that oneDNN is on as it was told, and
 * that it runs a network's graph without fusing its operations; the numbers are the same.
 */
const START_UP_CHATTER =
  /^WARNING: All log messages before absl|^I\d{4} .*oneDNN custom operations are on|^E\d{4} .*remapper failed/;
/** Enough of the last words of a process that died to tell why. */
const LAST_LINES = 8;

/** Starts a compute process. It ends with this one, whatever happens; the caller closes it. */
export function startComputeHost(options: StartOptions): ComputeHost {
  const { engine, log, listener, entry = fileURLToPath(new URL("./worker.ts", import.meta.url)) } = options;
  const child = fork(entry, [], {
    serialization: "advanced",
    env: engine.env,
    execArgv: ["--disable-warning=DEP0044"], // the native package still calls util.isArray
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lastLines = readLines(child, log);
  let end: LabError | null = null;
  let isClosing = false;
  const channel = connectHost(
    { post: (message) => send(child, message, () => end), onMessage: (receive) => void child.on("message", receive) },
    listener,
  );
  const ended = waitForEnd(child).then((how) => {
    end = isClosing
      ? new LabError("interrupted", "compute: the process was closed")
      : new ComputeEnd(how, quoteLines(lastLines));
    channel.rejectPending(end);
  });
  return {
    compute: withRoutes(channel, engine.routes),
    pid: child.pid ?? null,
    getEnd: () => end,
    close: async () => {
      isClosing = true;
      if (child.connected) child.disconnect();
      await Promise.race([ended, sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
      if (end === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Only the host knows how the engine was found; that what was found does not load is known after that. */
function withRoutes({ compute }: HostChannel, routes: EngineRoutes["routes"]): ComputeFunctions {
  return {
    describeEngine: async () => {
      const facts = await compute.describeEngine();
      const { fallbackReason: detail } = facts;
      const failed = detail === null ? [] : [{ route: "loading TensorFlow", ok: false, detail }];
      return { ...facts, routes: [...routes, ...failed] };
    },
    selfTest: () => compute.selfTest(),
    clearPhotos: () => compute.clearPhotos(),
    addPhoto: (set, photo) => compute.addPhoto(set, photo),
    search: (request) => compute.search(request),
    train: (request) => compute.train(request),
    loadNetwork: (file, by, device) => compute.loadNetwork(file, by, device),
    tryDevices: () => compute.tryDevices(),
    inspectModel: (file) => compute.inspectModel(file),
    exportModel: (request) => compute.exportModel(request),
    measureEngines: (file, device) => compute.measureEngines(file, device),
    denoise: (input, target, options) => compute.denoise(input, target, options),
    control: (want) => compute.control(want),
    peakResidentMb: () => compute.peakResidentMb(),
  };
}

function send(child: ChildProcess, message: unknown, getEnd: () => LabError | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = getEnd();
    if (end !== null) reject(end);
    // A message that can no longer be sent is rejected with the others when the end of the process is seen.
    else child.send(message as object, () => resolve());
  });
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

/** Passes on what the process writes, line by line, and keeps the last lines. */
function readLines(child: ChildProcess, log: (line: string) => void): readonly string[] {
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      if (START_UP_CHATTER.test(line)) return;
      log(line);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    });
  }
  return last;
}

function quoteLines(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `; its last words:\n${lines.join("\n")}`;
}

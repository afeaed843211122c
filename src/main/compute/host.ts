import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { startProcess } from "#main/processes/startProcess.ts";
import { LabError } from "#shared/labError.ts";
import { connectHost, type HostChannel } from "./channel.ts";
import type { EngineRoutes } from "#main/engine/install/ensureEngine.ts";
import type { ComputeFunctions, ComputeListener } from "./protocol.ts";

/** That a compute process ended by itself, of which no work in it is the cause. */
export class ComputeEnd extends LabError {
  constructor(how: string, lastLines: string) {
    super("engine", `the compute process ended by itself (${how})${lastLines}`);
  }
}

/** A running compute process. Its functions wait for the answer without limit and reject once the process has ended. */
export interface ComputeHost {
  readonly compute: ComputeFunctions;
  /** The number of the process; null before it runs, and where it could not be started. */
  getPid(): number | null;
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
  const lastLines: string[] = [];
  let hear: (message: unknown) => void = () => undefined;
  const child = startProcess(
    { entry, env: engine.env, execArgv: ["--disable-warning=DEP0044"] }, // the native package still calls util.isArray
    { onMessage: (message) => hear(message), onLine: (line) => hearLine(line, lastLines, log) },
  );
  let end: LabError | null = null;
  let isClosing = false;
  const channel = connectHost(
    {
      // A message that can no longer be sent is rejected with the others when the end of the process is seen.
      post: (message) => (end === null ? child.send(message) : Promise.reject(end)),
      onMessage: (receive) => (hear = receive),
    },
    listener,
  );
  const ended = child.ended.then((how) => {
    end = isClosing
      ? new LabError("interrupted", "the compute process was closed")
      : new ComputeEnd(how, quoteLines(lastLines));
    channel.rejectPending(end);
  });
  return {
    compute: withRoutes(channel, engine.routes),
    getPid: child.getPid,
    getEnd: () => end,
    close: async () => {
      isClosing = true;
      child.disconnect();
      await Promise.race([ended, sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
      if (end === null) child.kill();
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
    timeSteps: (request) => compute.timeSteps(request),
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

/** Passes on what the process writes, but for chatter, and keeps the last lines. */
function hearLine(line: string, last: string[], log: (line: string) => void): void {
  if (START_UP_CHATTER.test(line)) return;
  log(line);
  last.push(line);
  if (last.length > LAST_LINES) last.shift();
}

function quoteLines(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `; its last words:\n${lines.join("\n")}`;
}

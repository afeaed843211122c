import { createBirpc } from "birpc";

import { packError, unpackError } from "#shared/api/wire.ts";
import type { ComputeFunctions, ComputeListener, HostFunctions } from "./protocol.ts";

/** One end of the pipe between the host and the compute process; messages arrive in order and are structured clones. */
export interface Port {
  /** Throws or rejects where the other side is gone. */
  post(message: unknown): void | Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
}

/** The functions of the compute process as the host sees them. */
export interface HostChannel {
  readonly compute: ComputeFunctions;
  /** Ends all calls that wait for an answer with this error. */
  rejectPending(error: Error): void;
}

/** Jobs run for days: no call is given up for time; the end of the process is what ends a call early. */
const NO_TIMEOUT = -1;

/** Connects the host's end: calls go to the compute process, what it tells goes to the listener. */
export function connectHost(port: Port, listener: ComputeListener): HostChannel {
  const functions: HostFunctions = {
    onEvent: (event) => listener.onEvent(event),
    onSample: (sample) => listener.onSample(sample),
    onTile: (done, total) => listener.onTile(done, total),
    settle: async () => listener.settle?.(),
  };
  const rpc = createBirpc<ComputeFunctions, HostFunctions>(functions, { ...toChannel(port), bind: "functions" });
  return {
    compute: rpc,
    rejectPending: (error) => void rpc.$rejectPendingCalls(({ reject }) => reject(error)),
  };
}

/** Connects the compute process's end: calls of the host reach `functions`; returns the way to tell the host. */
function connectCompute(port: Port, functions: ComputeFunctions): HostFunctions {
  const rpc = createBirpc<HostFunctions, ComputeFunctions>(functions, { ...toChannel(port), bind: "functions" });
  return {
    onEvent: (event) => tell(rpc.onEvent.asEvent(event)),
    onSample: (sample) => tell(rpc.onSample.asEvent(sample)),
    onTile: (done, total) => tell(rpc.onTile.asEvent(done, total)),
    settle: () => rpc.settle(),
  };
}

/**
 * Connects a worker script to the process that started it. The terminal sends Ctrl-C and its own end to both, and only the host decides
 * what it means; a worker whose host is gone ends itself. Throws where the script was not started by a host.
 */
export function serveHost(functions: ComputeFunctions): HostFunctions {
  const send = process.send?.bind(process);
  if (send === undefined) throw new Error("compute: this script must be started by src/main/compute/host.ts");
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  process.on("SIGHUP", () => undefined);
  process.on("disconnect", () => process.exit(0));
  return connectCompute(
    {
      post: (message) =>
        new Promise((resolve, reject) => {
          send(message, undefined, undefined, (error: Error | null) => (error === null ? resolve() : reject(error)));
        }),
      onMessage: (listener) => void process.on("message", listener),
    },
    functions,
  );
}

/** What a host that has gone cannot be told any more is of no use: its end ends this process. */
function tell(sent: Promise<void>): void {
  sent.catch(() => undefined);
}

function toChannel(port: Port) {
  return {
    post: (message: unknown) => port.post(message),
    on: (listener: (message: unknown) => void) => port.onMessage(listener),
    serialize: (message: object) => packError(message, true),
    deserialize: unpackError<object>,
    timeout: NO_TIMEOUT,
    // Nobody waits for an answer that can no longer be sent (birpc names its method): the other side has ended. Calls reject as they should.
    onGeneralError: (_: Error, method?: string) => method !== undefined,
  };
}

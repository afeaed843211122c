import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { writeAnswer } from "./writeAnswer.ts";

/** How many connections a server keeps. */
export interface SocketLimits {
  /** Of those that have not shown the token. A window needs about six for its own files. */
  readonly strangers: number;
  /** In all. */
  readonly total: number;
}

export const SOCKET_LIMITS: SocketLimits = { strangers: 256, total: 1024 };

/** Who has not sent the head of a request within this time is no browser. */
const HEAD_MS = 10_000;

/** Watches over all connections of a server. */
export interface SocketGuard {
  /** Takes note that this connection has shown the token. */
  trust(socket: Duplex): void;
}

/**
 * Keeps a server alive whatever comes: no connection ends it by breaking off, those without the token give way, oldest
 * first, so that a flood of them keeps nobody out, and what is no request gets a plain answer.
 */
export function guardSockets(server: Server, limits: SocketLimits): SocketGuard {
  const strangers = new Set<Duplex>(); // in the order of coming
  server.maxConnections = limits.total;
  server.headersTimeout = HEAD_MS;
  server.on("connection", (socket: Socket) => {
    // A connection may be reset at any moment, also between the listeners of others.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => strangers.delete(socket));
    strangers.add(socket);
    if (strangers.size > limits.strangers) endOldest(strangers);
  });
  server.on("clientError", (error, socket) => {
    const [status, text] = FAULTS[codeOf(error)] ?? [400, "this must be a request by HTTP"];
    writeAnswer(socket, status, text);
  });
  server.on("connect", (_request, socket) => writeAnswer(socket, 405, "only GET is answered here"));
  server.on("checkExpectation", (request) => writeAnswer(request.socket, 417, "nothing but 100-continue is expected"));
  return { trust: (socket) => void strangers.delete(socket) };
}

/** Node's codes for what is not read as a request, with what is answered. */
const FAULTS: Readonly<Record<string, readonly [status: number, text: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "the head of the request must be shorter"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request must come faster"],
};

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function endOldest(strangers: Set<Duplex>): void {
  const [oldest] = strangers;
  if (oldest === undefined) return;
  strangers.delete(oldest);
  oldest.destroy();
}

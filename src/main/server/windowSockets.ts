import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

import { type WebSocket, WebSocketServer } from "ws";

import { openWindowSession, type WindowPort } from "#main/api/windowSession.ts";
import type { DoorOptions } from "#main/api/door.ts";
import type { Lab } from "#shared/api/lab.ts";
import { CLOSE_CODES, greetingSchema, SOCKET_PATH } from "#shared/api/wire.ts";

import type { SocketGuard } from "./socketGuard.ts";
import { isToken, type VisitorCheck } from "./visitors.ts";
import { writeAnswer } from "./writeAnswer.ts";

export interface WindowSocketOptions extends DoorOptions {
  readonly lab: Lab;
  readonly token: string;
  readonly visitors: VisitorCheck;
  readonly guardOfSockets: SocketGuard;
}

/** Configurations, genotypes and YAML texts; photos come by upload. */
const MAX_MESSAGE_BYTES = 4 * 1024 ** 2;
/** A window greets as soon as it is connected. */
const GREETING_MS = 10_000;
/** A window that does not answer two of these in a row is gone. */
const PING_MS = 20_000;

/** Lets windows connect to a server by WebSocket; returns the way to end all connections. */
export function setupWindowSockets(server: Server, options: WindowSocketOptions): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.replace(/\?.*$/, "");
    const { host, origin } = request.headers;
    const fault = path === SOCKET_PATH ? options.visitors.findFault(host, origin) : "no window connects here";
    if (fault !== null) {
      writeAnswer(socket, 403, fault);
      return;
    }
    const trust = (): void => options.guardOfSockets.trust(socket);
    sockets.handleUpgrade(request, socket, head, (opened) => receiveWindow(opened, options, trust));
  });
  sockets.on("wsClientError", (_error, socket) => writeAnswer(socket, 400, "a window must connect by WebSocket 13"));
  return {
    close: () => {
      for (const socket of sockets.clients) socket.close(CLOSE_CODES.shutDown, "the server ends");
      sockets.close();
    },
  };
}

/** Waits for the greeting with the token; only then is there a session. */
function receiveWindow(socket: WebSocket, options: WindowSocketOptions, trust: () => void): void {
  const { token, log } = options;
  const patience = setTimeout(() => socket.close(CLOSE_CODES.wrongToken, "no greeting came"), GREETING_MS);
  const stopPinging = keepAlive(socket);
  socket.on("error", (error) => log(`window: ${error.message}`));
  socket.once("message", (data: Buffer) => {
    clearTimeout(patience);
    if (!isToken(token, readToken(data))) {
      socket.close(CLOSE_CODES.wrongToken, "the token must be the one in the server's address");
      return;
    }
    trust();
    const session = openWindowSession(options.lab, toPort(socket), options);
    socket.once("close", session.close);
  });
  socket.once("close", () => {
    clearTimeout(patience);
    stopPinging();
  });
}

function readToken(data: Buffer): string | undefined {
  try {
    const greeting = greetingSchema.safeParse(JSON.parse(data.toString("utf8")));
    return greeting.success ? greeting.data.token : undefined;
  } catch {
    return undefined;
  }
}

function toPort(socket: WebSocket): WindowPort {
  return {
    // The callback takes the error of a connection that has just ended.
    post: (message) => socket.send(message, () => undefined),
    onMessage: (listener) => void socket.on("message", (data: Buffer) => listener(data.toString("utf8"))),
    refuse: () => socket.close(CLOSE_CODES.malformed, "a message must be one of the contract"),
  };
}

/** Ends connections whose other end has silently gone, such as a laptop that sleeps. */
function keepAlive(socket: WebSocket): () => void {
  let isAnswered = true;
  socket.on("pong", () => (isAnswered = true));
  const timer = setInterval(() => {
    if (!isAnswered) socket.terminate();
    isAnswered = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

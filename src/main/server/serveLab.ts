import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";

import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

import { answerText, createWebRoutes } from "#main/api/webRoutes.ts";
import { getErrorCode } from "#main/files/diskError.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import { FILE_PATH, PICTURE_PATH, SHEET_PATH, UPLOAD_PATH, type UploadAnswer } from "#shared/api/pictures.ts";

import { createFileGuard } from "./fileAccess.ts";
import { getDefaultRoots, limitBrowsing } from "./photoRoots.ts";
import { guardSockets, SOCKET_LIMITS, type SocketLimits } from "./socketGuard.ts";
import { freeEndedUploads } from "./uploadSessions.ts";
import { openUploads, UPLOAD_LIMITS, type UploadLimits, type Uploads } from "./uploads.ts";
import { createVisitorCheck, isToken, type VisitorCheck } from "./visitors.ts";
import { setupWindowSockets } from "./windowSockets.ts";
import { writeAnswer } from "./writeAnswer.ts";

export interface ServeOptions {
  readonly lab: Lab;
  /** Where the built window lies. */
  readonly rendererFolder: string;
  /** An address of this computer; others than the loopback ones let other computers in. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly log: (line: string) => void;
  /** What visitors must have; a new one where none is given. */
  readonly token?: string;
  /** The folders below which windows may look for photos; the person's own folder where none is named. */
  readonly photoRoots?: readonly string[];
  /** Other limits than the usual ones. */
  readonly uploadLimits?: UploadLimits;
  /** Where photos lie that came by a browser; by default among the system's temporary files, as long as the server runs. */
  readonly uploadsFolder?: string;
  readonly socketLimits?: SocketLimits;
}

/** How often connections are looked at that are too slow. */
const CHECKING_MS = 5_000;
const UNASKABLE: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** A running server. */
export interface LabServer {
  /** What to open in a browser, the token included. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** Ends all connections and removes what was uploaded; the lab stays open. */
  close(): Promise<void>;
}

/** Serves the window and the lab to browsers, until it is closed. Throws LabError `not_found` without a built window, `busy` for a taken port. */
export async function serveLab(options: ServeOptions): Promise<LabServer> {
  const { lab, rendererFolder, host, log } = options;
  if (!existsSync(join(rendererFolder, "index.html"))) {
    throw new LabError("not_found", `no window is built in ${rendererFolder}; \`npm run build\` builds it`);
  }
  const token = options.token ?? randomBytes(24).toString("base64url");
  const uploads = await openUploads(options.uploadLimits ?? UPLOAD_LIMITS, options.uploadsFolder ?? null);
  const visitors = createVisitorCheck(host);
  const routes = createWebRoutes({ lab, rendererFolder, log }, (app) =>
    admitVisitors(app, { token, visitors, uploads, trust: (socket) => guardOfSockets.trust(socket) }),
  );
  const answer = getRequestListener(routes.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => answerText(400, "the request must name this server and a path of it"),
  });
  const server = createServer({ connectionsCheckingInterval: CHECKING_MS }, (request, response) => {
    // What the standard forbids a page to ask for cannot even be made a request of.
    if (UNASKABLE.has(request.method ?? "")) writeAnswer(request.socket, 405, "only GET is answered here");
    else void answer(request, response);
  });
  // Uploads alone have bodies, and end by themselves where nothing comes: a large photo may take its time.
  server.requestTimeout = 0;
  const guardOfSockets = guardSockets(server, options.socketLimits ?? SOCKET_LIMITS);
  const roots = options.photoRoots ?? getDefaultRoots();
  const sockets = setupWindowSockets(server, {
    lab: limitBrowsing(freeEndedUploads(lab, uploads), roots),
    token,
    visitors,
    guardOfSockets,
    guard: createFileGuard(lab, uploads.folder, roots),
    log,
  });
  const close = async (): Promise<void> => {
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await uploads.close();
  };
  try {
    const port = await listen(server, host, options.port);
    return { url: `http://${toUrlHost(host)}:${port}/?token=${token}`, token, port, close };
  } catch (error) {
    await uploads.close();
    throw error;
  }
}

interface Door {
  readonly token: string;
  readonly visitors: VisitorCheck;
  readonly uploads: Uploads;
  trust(socket: Duplex): void;
}

/** Lets in whom the server knows, with the token where the lab is asked for something, and takes uploads. */
function admitVisitors(app: Hono, { token, visitors, uploads, trust }: Door): void {
  app.use(async (context, next) => {
    // A request line with a whole address names a server too, and that name counts (RFC 9112, section 3.2.2).
    const asked = visitors.findFault(new URL(context.req.url).host, undefined);
    const fault = asked ?? visitors.findFault(context.req.header("Host"), context.req.header("Origin"));
    return fault === null ? next() : answerText(403, fault);
  });
  for (const path of [PICTURE_PATH, FILE_PATH, SHEET_PATH, UPLOAD_PATH]) {
    app.use(path, async (context, next) => {
      if (isToken(token, context.req.query("token"))) {
        const { incoming } = context.env as Partial<HttpBindings>;
        if (incoming !== undefined) trust(incoming.socket);
        return next();
      }
      return answerText(401, "the token must be the one in the server's address");
    });
  }
  app.post(UPLOAD_PATH, async (context) => {
    const announced = Number(context.req.header("Content-Length") ?? 0); // none where it is sent in chunks
    const path = await uploads.receive(context.req.query("name") ?? "", context.req.raw.body, announced);
    return context.json({ path } satisfies UploadAnswer, 200, { "Cache-Control": "no-store" });
  });
  app.all(UPLOAD_PATH, () => answerText(405, "only POST is answered here"));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(toListenError(cause, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function toListenError(cause: Error, host: string, port: number): Error {
  switch (getErrorCode(cause)) {
    case "EADDRINUSE":
      return new LabError("busy", `port ${port} is taken; --port chooses another, 0 any free one`, { cause });
    case "EACCES":
      return new LabError("permission", `port ${port} may not be used by you; --port chooses another`, {
        cause,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new LabError("bad_config", `--host must be an address of this computer, got ${host}`, { cause });
    default:
      return cause;
  }
}

/** A server that listens on every address is reached by the loopback one from here. */
function toUrlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

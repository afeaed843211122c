import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { answerText, createAnswerRequest } from "#main/api/answerRequest.ts";
import { getErrorCode } from "#main/files/diskError.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import { FILE_PATH, PICTURE_PATH, UPLOAD_PATH } from "#shared/api/pictures.ts";

import { createFileGuard } from "./fileAccess.ts";
import { sendWebResponse, toWebRequest } from "./nodeRequest.ts";
import { freeEndedUploads } from "./uploadSessions.ts";
import { openUploads, UPLOAD_LIMITS, type UploadLimits, type Uploads } from "./uploads.ts";
import { createVisitorCheck, isToken } from "./visitors.ts";
import { setupWindowSockets } from "./windowSockets.ts";

export interface ServeOptions {
  readonly lab: Lab;
  /** Where the built window lies. */
  readonly rendererFolder: string;
  /** An address of this computer; others than the loopback ones let other computers in. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly log: (line: string) => void;
  /** Other limits than the usual ones. */
  readonly uploadLimits?: UploadLimits;
}

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
    throw new LabError("not_found", `serve: no window is built in ${rendererFolder}; \`npm run build\` builds it`);
  }
  const token = randomBytes(24).toString("base64url");
  const uploads = await openUploads(options.uploadLimits ?? UPLOAD_LIMITS);
  const visitors = createVisitorCheck(host);
  const answer = createAnswerer(options, token, uploads);
  const server = createServer((request, response) => {
    const fault = visitors.findFault(request);
    const answering = fault === null ? answer(request) : Promise.resolve(answerText(403, fault));
    answering
      .then((answered) => sendWebResponse(answered, response, request.method === "HEAD"))
      .catch((error: unknown) => endBadly(error, response, log));
  });
  const sockets = setupWindowSockets(server, {
    lab: freeEndedUploads(lab, uploads),
    token,
    visitors,
    guard: createFileGuard(lab, uploads.folder),
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

function createAnswerer(
  { lab, rendererFolder, log }: ServeOptions,
  token: string,
  uploads: Uploads,
): (request: IncomingMessage) => Promise<Response> {
  const answerRequest = createAnswerRequest({ lab, rendererFolder, log });
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const isOfLab = [PICTURE_PATH, FILE_PATH, UPLOAD_PATH].includes(pathname);
    if (isOfLab && !isToken(token, searchParams.get("token"))) {
      return answerText(401, "the token must be the one in the server's address");
    }
    if (pathname !== UPLOAD_PATH) return answerRequest(toWebRequest(request));
    if (request.method !== "POST") return answerText(405, "only POST is answered here");
    return answerUpload(uploads, searchParams.get("name") ?? "", request);
  };
}

async function answerUpload(uploads: Uploads, name: string, request: IncomingMessage): Promise<Response> {
  try {
    const path = await uploads.receive(name, request);
    return Response.json({ path }, { headers: { "Cache-Control": "no-store" } });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return answerText(422, error.message);
  }
}

function endBadly(error: unknown, response: ServerResponse, log: (line: string) => void): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (!response.headersSent) response.writeHead(500);
  response.end();
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
      return new LabError("busy", `serve: port ${port} is taken; --port chooses another, 0 any free one`, { cause });
    case "EACCES":
      return new LabError("permission", `serve: port ${port} may not be used by you; --port chooses another`, {
        cause,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new LabError("bad_config", `serve: --host must be an address of this computer, got ${host}`, { cause });
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

import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

import type { z } from "zod";

import { denoisedFileSchema } from "#shared/api/denoising.ts";
import type { Lab, LabFile } from "#shared/api/lab.ts";
import { LabError, type LabErrorKind } from "#shared/labError.ts";
import { FILE_PATH, PICTURE_PATH, pictureRefSchema, SHAPE_HEADER } from "#shared/api/pictures.ts";

import { SECURITY_HEADERS } from "./securityHeaders.ts";

/** Answers requests for the window's own files, for pictures and for files to save, whatever carries them. */
export type AnswerRequest = (request: Request) => Promise<Response>;

export interface AnswerOptions {
  readonly lab: Lab;
  /** Where the built window lies. */
  readonly rendererFolder: string;
  readonly log: (line: string) => void;
}

/** The kinds of the window's own files; any other is sent as bytes. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

const STATUS_OF_KIND: Partial<Readonly<Record<LabErrorKind, number>>> = { not_found: 404, permission: 403 };

/** Makes the answerer; what it answers never depends on cookies, and every answer has the security headers. */
export function createAnswerRequest({ lab, rendererFolder, log }: AnswerOptions): AnswerRequest {
  const answer = (request: Request, url: URL): Promise<Response> => {
    if (url.pathname === PICTURE_PATH) {
      return answerFile(request, url, pictureRefSchema, (ref) => lab.readPicture(ref));
    }
    if (url.pathname === FILE_PATH) {
      return answerFile(request, url, denoisedFileSchema, (wish) => lab.renderDenoised(wish));
    }
    return answerOwnFile(rendererFolder, url.pathname);
  };
  return async (request) => {
    try {
      if (request.method !== "GET" && request.method !== "HEAD") return answerText(405, "only GET is answered here");
      return await answer(request, new URL(request.url));
    } catch (error) {
      if (error instanceof LabError) return answerText(STATUS_OF_KIND[error.kind] ?? 422, error.message);
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return answerText(500, "this is a fault in the program; its output tells more");
    }
  };
}

/** Answers in words, for people. */
export function answerText(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
  });
}

async function answerFile<Schema extends z.ZodType>(
  request: Request,
  url: URL,
  schema: Schema,
  read: (wish: z.output<Schema>) => Promise<LabFile>,
): Promise<Response> {
  const wish = schema.safeParse(parseJson(url.searchParams.get("ref") ?? ""));
  if (!wish.success) return answerText(400, "ref must name a picture or a file of the lab, as the contract has it");
  const file = await read(wish.data);
  const tag = `"${file.tag}"`;
  const headers: Record<string, string> = {
    ...SECURITY_HEADERS,
    ETag: tag,
    "Cache-Control": "private, no-cache",
    "Content-Type": file.type,
  };
  if (file.shape !== null) headers[SHAPE_HEADER] = file.shape.join(", ");
  if (url.pathname === FILE_PATH) {
    headers["Content-Disposition"] = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  }
  if (request.headers.get("If-None-Match") === tag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(file.bytes), { headers });
}

async function answerOwnFile(folder: string, path: string): Promise<Response> {
  const file = await findOwnFile(folder, path);
  if (file === null) return answerText(404, "no such file");
  const isFinal = path.startsWith("/assets/"); // their names change with their content
  return new Response(await readFile(file), {
    headers: {
      ...SECURITY_HEADERS,
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": isFinal ? "public, max-age=31536000, immutable" : "no-cache",
    },
  });
}

/** Finds a file of the window by its address; null for what is not there or lies outside, wherever links lead. */
async function findOwnFile(folder: string, path: string): Promise<string | null> {
  try {
    const wanted = join(folder, path === "/" ? "index.html" : decodeURIComponent(path));
    const [root, file] = await Promise.all([realpath(folder), realpath(wanted)]);
    return file.startsWith(`${root}${sep}`) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null; // malformed, missing or closed: nothing to show in every case
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

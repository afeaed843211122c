import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

import { serveStatic } from "@hono/node-server/serve-static";
import { type Context, Hono } from "hono";
import { etag } from "hono/etag";
import type { z } from "zod";

import { contactSheetSchema, denoisedFileSchema } from "#shared/api/denoising.ts";
import type { Lab, LabFile } from "#shared/api/lab.ts";
import {
  FILE_PATH,
  NOTE_HEADER,
  PICTURE_PATH,
  pictureRefSchema,
  SHAPE_HEADER,
  SHEET_PATH,
} from "#shared/api/pictures.ts";
import { LabError, type LabErrorKind } from "#shared/labError.ts";

/** What the window may load: only what comes from the lab itself, and pictures that it makes. Styles are set by its charts. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The headers of every answer to a window. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

export interface WebRoutesOptions {
  readonly lab: Lab;
  /** Where the built window lies. */
  readonly rendererFolder: string;
  readonly log: (line: string) => void;
}

/** 422 for every other kind. */
const STATUS_OF_KIND: Partial<Readonly<Record<LabErrorKind, number>>> = { not_found: 404, permission: 403 };

/**
 * Makes the routes to the window's own files, to pictures and to files to save, whatever carries the requests. `admit` adds
 * what is asked before them. Answers never depend on cookies, and all of them have the security headers.
 */
export function createWebRoutes(
  { lab, rendererFolder, log }: WebRoutesOptions,
  admit: (app: Hono) => void = () => undefined,
): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  app.onError((error) => {
    if (error instanceof LabError) return answerText(STATUS_OF_KIND[error.kind] ?? 422, error.message);
    log(error.stack ?? error.message);
    return answerText(500, "this is a fault in the program; its output tells more");
  });
  app.notFound(() => answerText(404, "no such file"));
  admit(app);
  app.use((context, next) => {
    const isRead = context.req.method === "GET" || context.req.method === "HEAD";
    return isRead ? next() : Promise.resolve(answerText(405, "only GET is answered here"));
  });
  app.get(PICTURE_PATH, etag(), (context) => answerFile(context, pictureRefSchema, (ref) => lab.readPicture(ref)));
  app.get(FILE_PATH, etag(), (context) => answerFile(context, denoisedFileSchema, (wish) => lab.renderDenoised(wish)));
  app.get(SHEET_PATH, etag(), (context) =>
    answerFile(context, contactSheetSchema, (wish) => lab.makeContactSheet(wish)),
  );
  addOwnFiles(app, rendererFolder);
  return app;
}

/** Answers in words, for people. */
export function answerText(status: number, text: string): Response {
  const { headers, body } = describeAnswer(text);
  return new Response(body, { status, headers });
}

/** Returns what an answer in words consists of, beside its status. */
export function describeAnswer(text: string): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const headers = { ...SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  return { headers, body: `${text}\n` };
}

async function answerFile<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  read: (wish: z.output<Schema>) => Promise<LabFile>,
): Promise<Response> {
  const wish = schema.safeParse(parseJson(context.req.query("ref")));
  if (!wish.success) {
    return answerText(400, "ref must name a picture or a file of the lab, as the contract has it");
  }
  const file = await read(wish.data);
  context.header("ETag", `"${file.tag}"`);
  context.header("Cache-Control", "private, no-cache");
  context.header("Content-Type", file.type);
  if (file.shape !== null) context.header(SHAPE_HEADER, file.shape.join(", "));
  if (file.note !== undefined) context.header(NOTE_HEADER, encodeURIComponent(file.note));
  if (context.req.path !== PICTURE_PATH) {
    context.header("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
  }
  return context.body(toOwnBytes(file.bytes));
}

/** An answer does not take bytes of shared memory; those of a large picture are not copied where they need not be. */
function toOwnBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isOwn(bytes) ? bytes : new Uint8Array(bytes);
}

function isOwn(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

function addOwnFiles(app: Hono, folder: string): void {
  app.get("*", async (context, next) => {
    const { path } = context.req;
    if (!(await isOwnFile(folder, path === "/" ? "index.html" : path))) return context.notFound();
    await next();
    if (!context.res.ok) return;
    const isFinal = path.startsWith("/assets/"); // their names change with their content
    context.header("Cache-Control", isFinal ? "public, max-age=31536000, immutable" : "no-cache");
  });
  app.get("*", serveStatic({ root: folder }));
}

/** Tells whether a path names a file of the window, and none outside of its folder, wherever links lead. */
async function isOwnFile(folder: string, path: string): Promise<boolean> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(`${root}${sep}`) && (await stat(file)).isFile();
  } catch {
    return false; // malformed, missing or closed: nothing to show in every case
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

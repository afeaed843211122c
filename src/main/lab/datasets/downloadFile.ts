import { createWriteStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** More than this is refused, so that nobody fills the disk. */
  readonly mostBytes: number;
  /** Told of the bytes that are here and of all, where the server says how many there are. */
  readonly onBytes?: (bytes: number, total: number | null) => void;
  /** Between two tries. */
  readonly pauseMs?: number;
}

/** A line that is cut this often without a byte in between is given up; what came stays for the next time. */
const MOST_TRIES = 4;
const PAUSE_MS = 2_000;
/** Trouble that another try does not mend. */
const DISK_CODES: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EACCES", "EPERM"]);

/**
 * Downloads a file and goes on where an earlier download was cut, while the server has the same file still. Throws LabError
 * `not_found` where the server has none, `site` where it cannot be reached or the line is cut again and again, `bad_data` where it sends
 * too much, `disk`, and what the signal is aborted with.
 */
export async function downloadFile(address: string, target: string, options: DownloadOptions): Promise<void> {
  const part = `${target}.part`;
  for (let tries = 1; ; tries += 1) {
    const before = await sizeOf(part);
    try {
      await takePart(address, part, options);
      await rename(part, target);
      await rm(`${part}.tag`, { force: true });
      return;
    } catch (cause) {
      options.signal.throwIfAborted();
      if (cause instanceof LabError) throw cause;
      if (DISK_CODES.has(getErrorCode(cause) ?? "")) throw toDiskError(`download ${target}`, cause);
      const isFurther = (await sizeOf(part)) > before;
      if (isFurther) tries = 1;
      if (tries >= MOST_TRIES) throw unreachable(address, cause);
      await sleep(options.pauseMs ?? PAUSE_MS, undefined, { signal: options.signal });
    }
  }
}

async function takePart(address: string, part: string, { signal, mostBytes, onBytes }: DownloadOptions): Promise<void> {
  const tag = await readFile(`${part}.tag`, "utf8").catch(() => null);
  const have = tag === null ? 0 : await sizeOf(part);
  const headers = have > 0 && tag !== null ? { Range: `bytes=${have}-`, "If-Range": tag } : {};
  // Bytes that were packed on the way could not be counted.
  const response = await fetch(address, { signal, headers: { "Accept-Encoding": "identity", ...headers } });
  // What is here is no beginning of what is there, or all of it; which one is not known.
  if (response.status === 416) await rm(part, { force: true });
  const isRest = response.status === 206 && startOf(response) === have;
  if (response.body === null || (response.status !== 200 && !isRest)) throw refuse(address, response);
  const begin = isRest ? have : 0;
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const total = Number.isFinite(length) ? begin + length : null;
  if (total !== null && total > mostBytes) throw tooMuch(address, total, mostBytes);
  await keepTag(part, response);
  let bytes = begin;
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooMuch(address, bytes, mostBytes);
      onBytes?.(bytes, total);
      yield chunk;
    }
  };
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  await pipeline(body, count, createWriteStream(part, { flags: isRest ? "a" : "w" }), { signal });
  if (total !== null && bytes !== total) throw new Error(`the line was cut after ${bytes} of ${total} bytes`);
}

/** Where the server's rest begins, by `Content-Range: bytes 100-199/200`. */
function startOf(response: Response): number | null {
  const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  return start === undefined ? null : Number(start);
}

/** By it the server tells whether a beginning belongs to the file that it has; without one a cut download begins anew. */
async function keepTag(part: string, { headers }: Response): Promise<void> {
  const etag = headers.get("etag");
  const tag = etag === null || etag.startsWith("W/") ? headers.get("last-modified") : etag;
  if (tag === null) await rm(`${part}.tag`, { force: true });
  else await writeFile(`${part}.tag`, tag);
}

/** A server that is troubled itself may be asked again. */
function refuse(address: string, { status, statusText }: Response): Error {
  const what = `${address}: the server answers ${status} ${statusText}`.trim();
  if (status === 404 || status === 410) return new LabError("not_found", `${what}; the file is not there any more`);
  if (status >= 500 || status === 416 || status === 206) return new Error(what);
  return new LabError("site", what);
}

function tooMuch(address: string, bytes: number, mostBytes: number): LabError {
  return new LabError("bad_data", `${address} must have at most ${mostBytes} bytes, got ${bytes}`);
}

function unreachable(address: string, cause: unknown): LabError {
  const { host } = new URL(address);
  const code = cause instanceof Error ? (getErrorCode(cause.cause) ?? cause.message) : String(cause);
  return new LabError(
    "site",
    `${basename(address)} could not be had from ${host} (${code}); is there a network? What came so far is kept, and the next try goes on from there`,
    { cause },
  );
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

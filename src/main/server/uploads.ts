import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Readable, Transform } from "node:stream";

import { toDiskError } from "#main/files/diskError.ts";
import { getOwnerTag, isOwnerGone, OWNER_TAG } from "#main/files/processIdentity.ts";
import { makeTemporaryFolder, sweep } from "#main/files/temporaryFiles.ts";
import { adviseOnFormat } from "#main/photos/adviseOnFormat.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { LabError } from "#shared/labError.ts";

/** Photos that were dropped on a window in a browser; those that no session has are removed with the server. */
export interface Uploads {
  readonly folder: string;
  /**
   * Writes a request's body into a file of this name and returns its path; `announcedBytes` is what it says of its length.
   * Throws LabError `bad_data`, `memory` or `disk`.
   */
  receive(name: string, body: ReadableStream<Uint8Array> | null, announcedBytes: number): Promise<string>;
  /** Keeps uploads beyond the server's end, for sessions that have them; paths that are none are passed over. */
  keep(files: readonly string[]): Promise<void>;
  /** Removes what servers that are gone left and no session has. */
  sweep(): Promise<void>;
  /** Removes uploads; paths that are none are passed over. */
  remove(files: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface UploadLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** An upload of which nothing comes for so long is given up, however long it takes in all; by default a minute. */
  readonly idleMs?: number;
}

/** A 16-bit TIFF of a hundred megapixels, and room for a few dozen of them. */
export const UPLOAD_LIMITS: UploadLimits = { fileBytes: 700e6, totalBytes: 20e9 };
/** A line that is lost for a while comes back. */
const IDLE_MS = 60_000;

/**
 * Opens a folder for uploads that outlives the server, or makes one among the system's temporary files. Throws LabError `disk`
 * or `permission`.
 */
export async function openUploads(limits: UploadLimits, place: string | null = null): Promise<Uploads> {
  const folder = place ?? (await makeTemporaryFolder("uploads"));
  let total = 0;
  const sizes = new Map<string, number>();
  const kept = new Set<string>();
  return {
    folder,
    keep: async (files) => {
      for (const file of files) {
        if (dirname(dirname(file)) !== folder) continue;
        kept.add(file);
        if (sizes.has(file)) continue;
        const size = (await stat(file).catch(() => null))?.size ?? 0;
        sizes.set(file, size);
        total += size;
      }
    },
    sweep: () => sweepLoose(folder, kept),
    receive: async (name, body, announcedBytes) => {
      // What announces itself as too large is refused before it is sent.
      if (announcedBytes > limits.fileBytes) throw tooLarge(name, limits.fileBytes);
      const file = await nameFile(folder, name);
      let size = 0;
      const count = (bytes: number): void => {
        size += bytes;
        total += bytes;
        if (size > limits.fileBytes) throw tooLarge(name, limits.fileBytes);
        if (total > limits.totalBytes) throw tooLarge("all uploads together", limits.totalBytes);
      };
      try {
        await write({ name, file, body, idleMs: limits.idleMs ?? IDLE_MS }, count);
      } catch (error) {
        total -= size;
        throw error;
      }
      sizes.set(file, size);
      return file;
    },
    remove: async (files) => {
      for (const file of files) {
        const size = sizes.get(file);
        if (size === undefined) continue;
        sizes.delete(file);
        kept.delete(file);
        await rm(dirname(file), { recursive: true, force: true });
        total -= size;
      }
    },
    close: async () => {
      if (place === null) {
        await rm(folder, { recursive: true, force: true });
        return;
      }
      const loose = [...sizes.keys()].filter((file) => !kept.has(file));
      await Promise.all(loose.map((file) => rm(dirname(file), { recursive: true, force: true })));
    },
  };
}

/** Removes what servers that are gone left, but what is kept. */
async function sweepLoose(folder: string, kept: ReadonlySet<string>): Promise<void> {
  const used = new Set([...kept].map((file) => basename(dirname(file))));
  await sweep(folder, (name) => {
    const tag = OWN_FOLDER.exec(name)?.[1];
    return tag !== undefined && isOwnerGone(tag) && !used.has(name);
  });
}

/** Writes a body into a file, or leaves nothing of it; `count` is told of every part and may refuse it. */
async function write(
  {
    name,
    file,
    body,
    idleMs,
  }: {
    readonly name: string;
    readonly file: string;
    readonly body: ReadableStream<Uint8Array> | null;
    readonly idleMs: number;
  },
  count: (bytes: number) => void,
): Promise<void> {
  const idle = watchIdle(name, idleMs);
  const hear = (bytes: number): void => {
    idle.hear();
    count(bytes);
  };
  try {
    const target = createWriteStream(file, { flags: "wx" });
    const source = body === null ? Readable.from([]) : Readable.fromWeb(body);
    await pipeline(source, createCounter(hear), target, { signal: idle.signal });
  } catch (cause) {
    // What went wrong first is what is told.
    await rm(dirname(file), { recursive: true, force: true }).catch(() => null);
    throw idle.signal.aborted ? idle.signal.reason : toDiskError(`upload of ${name}`, cause);
  } finally {
    idle.end();
  }
}

/** Runs that another lab packed come as files, too. */
const BUNDLE_NAME = /\.zip$/i;
/** For this person alone. */
const PRIVATE = 0o700;

/** Each upload lies in a folder of its own, whose name tells whose it is, so that photos of the same name keep it. */
const OWN_FOLDER = new RegExp(`^(${OWNER_TAG})-[0-9a-f]{12}$`);

async function nameFile(folder: string, name: string): Promise<string> {
  const plain = basename(name.replaceAll("\\", "/"));
  if (!(hasPhotoExtension(plain) || BUNDLE_NAME.test(plain)) || plain.startsWith(".") || plain.includes("\0")) {
    const advice = adviseOnFormat(plain);
    const why = advice === null ? "no photo that can be opened: PNG, JPEG, TIFF, WebP and AVIF files can" : advice;
    throw new LabError("bad_data", `"${name}" is ${why}`);
  }
  const own = join(folder, `${getOwnerTag()}-${randomBytes(6).toString("hex")}`);
  // The system's cleaning may have taken the folder around it meanwhile.
  await mkdir(own, { recursive: true, mode: PRIVATE });
  return join(own, plain);
}

/** Passes bytes on after `count` has seen how many they are; what it throws ends the stream. */
function createCounter(count: (bytes: number) => void): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      try {
        count(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** Gives a signal that is aborted once nothing was heard for so long. */
function watchIdle(
  name: string,
  idleMs: number,
): { readonly signal: AbortSignal; readonly hear: () => void; readonly end: () => void } {
  const controller = new AbortController();
  const giveUp = (): void =>
    controller.abort(new LabError("bad_data", `${name} did not arrive: nothing came for ${idleMs / 1000} s`));
  const timer = setTimeout(giveUp, idleMs);
  return { signal: controller.signal, hear: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

function tooLarge(what: string, limit: number): LabError {
  return new LabError("bad_data", `${what} must have at most ${Math.round(limit / 1e6)} MB, and has more`);
}

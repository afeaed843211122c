import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";

import { toDiskError } from "#main/files/diskError.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { LabError } from "#shared/labError.ts";

/** Photos that were dropped on a window in a browser; at the latest they are removed with the server. */
export interface Uploads {
  readonly folder: string;
  /**
   * Writes a request's body into a file of this name and returns its path; `announcedBytes` is what it says of its length.
   * Throws LabError `bad_data`, `memory` or `disk`.
   */
  receive(name: string, body: ReadableStream<Uint8Array> | null, announcedBytes: number): Promise<string>;
  /** Removes uploads; paths that are none are passed over. */
  remove(files: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface UploadLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
}

/** A 16-bit TIFF of a hundred megapixels, and room for a few dozen of them. */
export const UPLOAD_LIMITS: UploadLimits = { fileBytes: 700e6, totalBytes: 20e9 };

/** Makes the folder for uploads among the system's temporary files. Throws LabError `disk` or `permission`. */
export async function openUploads(limits: UploadLimits): Promise<Uploads> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-uploads-")).catch((cause: unknown) => {
    throw toDiskError("create a folder for uploads", cause);
  });
  let total = 0;
  const sizes = new Map<string, number>();
  return {
    folder,
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
        await pipeline(body ?? [], createCounter(count), createWriteStream(file, { flags: "wx" }));
        sizes.set(file, size);
        return file;
      } catch (cause) {
        total -= size;
        // What went wrong first is what is told.
        await rm(file, { force: true }).catch(() => null);
        throw toDiskError(`upload of ${name}`, cause);
      }
    },
    remove: async (files) => {
      for (const file of files) {
        const size = sizes.get(file);
        if (size === undefined) continue;
        sizes.delete(file);
        await rm(dirname(file), { recursive: true, force: true });
        total -= size;
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Each upload lies in a folder of its own, so that photos of the same name keep it. */
async function nameFile(folder: string, name: string): Promise<string> {
  const plain = basename(name.replaceAll("\\", "/"));
  if (!hasPhotoExtension(plain) || plain.startsWith(".") || plain.includes("\0")) {
    throw new LabError("bad_data", `upload: must be a photo by its name, got "${name}"`);
  }
  const own = join(folder, randomBytes(6).toString("hex"));
  await mkdir(own);
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

function tooLarge(what: string, limit: number): LabError {
  return new LabError("bad_data", `upload: ${what} must have at most ${Math.round(limit / 1e6)} MB, got more`);
}

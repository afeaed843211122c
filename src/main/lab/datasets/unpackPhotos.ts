import { createReadStream, createWriteStream } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { openPromise } from "yauzl";

import { toDiskError } from "#main/files/diskError.ts";
import { makeFolder } from "#main/files/syncFolder.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { LabError } from "#shared/labError.ts";

import { readTarEntries } from "./tarEntries.ts";

/** What an archive may hold at most, so that a small one does not fill the disk. */
export interface UnpackLimits {
  readonly mostBytes: number;
  readonly mostFiles: number;
}

interface Entry {
  readonly name: string;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Unpacks the photos that lie below the folder `inside` of a `.zip` or `.tgz` into a folder, under their paths below `inside`, and returns how
 * many they are. Throws LabError `bad_data` where a name leads out of the folder, where there is too much, no photo, or damage; what was
 * written until then stays for the caller to remove.
 */
export async function unpackPhotos(
  archive: string,
  inside: string,
  folder: string,
  { mostBytes, mostFiles }: UnpackLimits,
): Promise<number> {
  let bytes = 0;
  let files = 0;
  let photos = 0;
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw refuse(archive, `must hold at most ${mostBytes} bytes of photos, got more`);
      yield chunk;
    }
  };
  for await (const { name, open } of listEntries(archive)) {
    files += 1;
    if (files > mostFiles) throw refuse(archive, `must hold at most ${mostFiles} files, got more`);
    checkName(archive, name);
    const path = name.replace(/^\.\//, "");
    if (!path.startsWith(`${inside}/`) || !isPhoto(path)) continue;
    const target = join(folder, path.slice(inside.length + 1));
    await makeFolder(dirname(target));
    await pipeline(await open(), count, createWriteStream(target, { flags: "wx" })).catch((cause: unknown) => {
      throw toTrouble(archive, toDiskError(`unpack ${target}`, cause));
    });
    photos += 1;
  }
  if (photos === 0) throw refuse(archive, `must hold photos in ${inside}, got none`);
  return photos;
}

/** What some systems put beside photos is none. */
function isPhoto(path: string): boolean {
  return hasPhotoExtension(path) && !path.split("/").some((part) => part.startsWith("."));
}

/** One name that leads elsewhere is reason enough to trust none of the archive. */
function checkName(archive: string, name: string): void {
  const parts = name.split(/[/\\]/);
  const leadsOut = isAbsolute(name) || /^[a-z]:/i.test(name) || parts.includes("..") || name.includes("\0");
  if (leadsOut) throw refuse(archive, `must hold files of its own folder only, got ${JSON.stringify(name)}`);
}

async function* listEntries(archive: string): AsyncGenerator<Entry> {
  try {
    if (archive.endsWith(".zip")) yield* listZipEntries(archive);
    else yield* listTarEntries(archive);
  } catch (cause) {
    throw toTrouble(archive, cause);
  }
}

async function* listZipEntries(archive: string): AsyncGenerator<Entry> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith("/")) yield { name: entry.fileName, open: () => zip.openReadStreamPromise(entry) };
    }
  } finally {
    zip.close();
  }
}

async function* listTarEntries(archive: string): AsyncGenerator<Entry> {
  const packed = createReadStream(archive);
  const unpacked = createGunzip();
  const unpacking = pipeline(packed, unpacked);
  // Who reads hears of it as well.
  unpacking.catch(() => undefined);
  try {
    for await (const { name, content } of readTarEntries(unpacked)) yield { name, open: async () => content };
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

/** What neither the disk nor a check says is said by what unpacks. */
function toTrouble(archive: string, cause: unknown): LabError {
  if (cause instanceof LabError) return cause;
  return refuse(archive, `must be whole, got: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
}

function refuse(archive: string, what: string, cause?: unknown): LabError {
  return new LabError("bad_data", `${archive} ${what}`, { cause });
}

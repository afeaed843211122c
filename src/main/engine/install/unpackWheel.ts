import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { openPromise } from "yauzl";

export interface UnpackedFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Unpacks the entries of a wheel (a zip) for which `place` names a path relative to `folder`; entries it maps to null
 * stay packed. Returns the files written, with their sizes in bytes. Throws where the wheel is damaged.
 */
export async function unpackWheel(
  wheelFile: string,
  folder: string,
  place: (entryName: string) => string | null,
): Promise<readonly UnpackedFile[]> {
  const written: UnpackedFile[] = [];
  const zip = await openPromise(wheelFile);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName.endsWith("/") ? null : place(entry.fileName);
      if (path === null) continue;
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      written.push({ path, bytes: entry.uncompressedSize });
    }
  } finally {
    zip.close();
  }
  return written;
}

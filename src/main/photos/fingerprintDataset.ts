import { createHash } from "node:crypto";

import { toDiskError } from "#main/files/diskError.ts";
import { hashFile } from "#main/files/hashFile.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";
import type { DatasetPhoto } from "./scanDataset.ts";

/**
 * Computes the fingerprint of photos: SHA-256 (hex) over their names and their files' SHA-256, in order. It depends on
 * names below the folder and on contents, not on where the folder lies. Throws LabError where a file cannot be read.
 */
export async function fingerprintDataset(photos: readonly DatasetPhoto[]): Promise<string> {
  const whole = createHash("sha256");
  for (const photo of photos) whole.update(`${JSON.stringify([photo.name, ...(await hashSource(photo))])}\n`);
  return whole.digest("hex");
}

/**
 * Computes the SHA-256 (hex) of each photo's files, by the photo's name: the clean one's, then the noisy one's where there is
 * one; none of drawn photos. Throws LabError where a file cannot be read.
 */
export async function hashPhotos(
  photos: readonly DatasetPhoto[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const hashes: Record<string, readonly string[]> = {};
  for (const photo of photos) hashes[photo.name] = photo.source.kind === "sample" ? [] : await hashSource(photo);
  return hashes;
}

async function hashSource({ source }: DatasetPhoto): Promise<string[]> {
  if (source.kind === "sample") return [JSON.stringify(SAMPLE_SET)];
  const files = source.noisyFile === null ? [source.cleanFile] : [source.cleanFile, source.noisyFile];
  return Promise.all(
    files.map((file) =>
      hashFile(file).catch((cause: unknown) => {
        throw toDiskError(`fingerprint of ${file}`, cause);
      }),
    ),
  );
}

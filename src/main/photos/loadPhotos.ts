import { LabError } from "#shared/labError.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { DecodedPhoto } from "./decodedPhoto.ts";
import { decodePhoto } from "./decodePhoto.ts";
import type { DatasetPhoto } from "./scanDataset.ts";
import { inThread } from "./threads/inThread.ts";

/** Where photos are had from: their files, or a memory of those that were read lately. */
export interface PhotoReader {
  /** Throws LabError as `decodePhoto` does. */
  decode(file: string): Promise<DecodedPhoto>;
  /** Draws a photo of the built-in set. */
  drawSample(index: number): Promise<Photo>;
}

const FROM_FILES: PhotoReader = {
  decode: decodePhoto,
  drawSample: (index) => inThread("drawSample", index),
};

/**
 * Loads photos of a data set one after the other, in the order given, all grey or all colour; alpha is dropped. Throws
 * LabError where a file can no longer be read or decoded.
 */
export async function* loadPhotos(
  photos: readonly DatasetPhoto[],
  channels: 1 | 3,
  reader: PhotoReader = FROM_FILES,
): AsyncGenerator<NamedPhoto, void, undefined> {
  for (const photo of photos) yield await loadNamed(photo, channels, reader);
}

/** Loads one photo of a data set, with its noisy partner where it has one. Throws as `loadPhotos` does. */
export async function loadNamed(
  photo: DatasetPhoto,
  channels: 1 | 3,
  reader: PhotoReader = FROM_FILES,
): Promise<NamedPhoto> {
  const load = async (side: "clean" | "noisy") => withChannels(await loadSide(photo, side, reader), channels);
  const { name, source } = photo;
  const hasNoisy = source.kind === "file" && source.noisyFile !== null;
  return hasNoisy
    ? { name, clean: await load("clean"), noisy: await load("noisy") }
    : { name, clean: await load("clean") };
}

/** Gives a photo one or three channels in a thread; see `toChannels`. */
export async function withChannels(photo: Photo, channels: 1 | 3): Promise<Photo> {
  return photo.channels === channels ? photo : inThread("toChannels", photo, channels);
}

/** Loads one side of a photo as it is, grey or colour. Throws LabError as `decodePhoto` does, and `not_found` where there is no such side. */
export async function loadSide(
  { name, source }: DatasetPhoto,
  side: "clean" | "noisy",
  reader: PhotoReader = FROM_FILES,
): Promise<Photo> {
  if (source.kind === "sample") return reader.drawSample(source.index);
  const file = side === "clean" ? source.cleanFile : source.noisyFile;
  if (file === null) throw new LabError("not_found", `data: ${name} has no noisy partner`);
  return (await reader.decode(file)).photo;
}

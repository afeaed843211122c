import type { PixelFile } from "#main/files/pixelFile.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { openPhoto } from "./decodePhoto.ts";
import type { OpenedPhoto } from "./openedPhoto.ts";
import { keepRoom } from "./photoRoom.ts";
import type { DatasetPhoto } from "./scanDataset.ts";
import { inThread, makeTogether } from "./threads/inThread.ts";
import { later, type OrLater, partOf } from "./threads/later.ts";

/** Where photos are had from: their files, or a memory of those that were read lately. */
export interface PhotoReader {
  /** Opens a photo for jobs in threads; to be called inside of `keepRoom`. Throws LabError as `openPhoto` does. */
  open(file: string): Promise<OpenedPhoto>;
  /** Draws a photo of the built-in set. */
  drawSample(index: number): Promise<Photo>;
}

/** A photo of a data set for jobs in threads; see `NamedPhoto`. */
export interface NamedLater {
  readonly name: string;
  readonly clean: OrLater<Photo>;
  readonly noisy?: OrLater<Photo>;
}

const FROM_FILES: PhotoReader = {
  open: openPhoto,
  drawSample: (index) => inThread("drawSample", index),
};

/**
 * Opens a photo of a data set, with its noisy partner where it has one, all grey or all colour; alpha is dropped. To be called
 * inside of `keepRoom`. Throws LabError where a file can no longer be read.
 */
export async function loadNamed(
  photo: DatasetPhoto,
  channels: 1 | 3,
  reader: PhotoReader = FROM_FILES,
): Promise<NamedLater> {
  const load = async (side: "clean" | "noisy") => later("toChannels", await loadSide(photo, side, reader), channels);
  const { name, source } = photo;
  const hasNoisy = source.kind === "file" && source.noisyFile !== null;
  return hasNoisy
    ? { name, clean: await load("clean"), noisy: await load("noisy") }
    : { name, clean: await load("clean") };
}

/**
 * Writes a photo of a data set and its noisy partner, where it has one, into files of floats, grey or colour. Throws LabError
 * as `loadNamed` does, and `disk`.
 */
export function writeNamed(
  photo: DatasetPhoto,
  channels: 1 | 3,
  files: { readonly clean: string; readonly noisy: string },
  reader: PhotoReader = FROM_FILES,
): Promise<{ readonly name: string; readonly clean: PixelFile; readonly noisy?: PixelFile }> {
  return keepRoom(async () => {
    const { name, clean, noisy } = await loadNamed(photo, channels, reader);
    const written = { name, clean: later("writePixels", files.clean, clean) };
    if (noisy === undefined) return makeTogether(written);
    return makeTogether({ ...written, noisy: later("writePixels", files.noisy, noisy) });
  });
}

/** Opens one side of a photo as it is, grey or colour. Throws as `loadNamed` does, and `not_found` where there is no such side. */
export async function loadSide(
  { name, source }: DatasetPhoto,
  side: "clean" | "noisy",
  reader: PhotoReader = FROM_FILES,
): Promise<OrLater<Photo>> {
  if (source.kind === "sample") return reader.drawSample(source.index);
  const file = side === "clean" ? source.cleanFile : source.noisyFile;
  if (file === null) throw new LabError("not_found", `${name} has no noisy partner`);
  return partOf((await reader.open(file)).decoded, "photo");
}

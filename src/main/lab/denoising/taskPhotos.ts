import type { PhotoNotes } from "#main/photos/decodedPhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import type { OpenedPhoto } from "#main/photos/openedPhoto.ts";
import { largestPhotoBytes } from "#main/photos/photoRoom.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type OrLater, partOf } from "#main/photos/threads/later.ts";

/** A photo of a task: a file, or one that is drawn. */
export interface TaskPhoto {
  readonly name: string;
  readonly source: DatasetPhoto["source"];
}

/** What a photo has beside its pixels; its opacity, which is as large as these, is had in threads. */
export interface NotesLater extends Omit<PhotoNotes, "alpha"> {
  readonly alpha: OrLater<Float32Array | null>;
  readonly channels: 1 | 3;
}

/** Opens a photo of a task as it is now, inside of `keepRoom`. Throws LabError. */
export async function openTaskPhoto(
  { photos }: { readonly photos: PhotoReader },
  { source }: TaskPhoto,
): Promise<OpenedPhoto> {
  if (source.kind === "file") return photos.open(source.cleanFile);
  const photo = await photos.drawSample(source.index);
  const { width, height, channels } = photo;
  const decoded = { photo, alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null } as const;
  return { width, height, channels, bitDepth: 8, decoded };
}

/** Reads what a photo of a task has beside its pixels, inside of `keepRoom`; these are decoded for their opacity alone. Throws LabError. */
export async function readTaskNotes(context: { readonly photos: PhotoReader }, task: TaskPhoto): Promise<NotesLater> {
  const { source } = task;
  if (source.kind === "sample") {
    return { alpha: null, channels: 3, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null };
  }
  const { hasAlpha, ...notes } = await inThread("readNotes", source.cleanFile, largestPhotoBytes());
  return { ...notes, alpha: hasAlpha ? partOf((await openTaskPhoto(context, task)).decoded, "alpha") : null };
}

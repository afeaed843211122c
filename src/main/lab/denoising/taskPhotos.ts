import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";

/** A photo of a task: a file, or one that is drawn. */
export interface TaskPhoto {
  readonly name: string;
  readonly source: DatasetPhoto["source"];
}

/** Reads a photo of a task as it is now. Throws LabError. */
export async function openTaskPhoto(
  { photos }: { readonly photos: PhotoReader },
  { source }: TaskPhoto,
): Promise<DecodedPhoto> {
  if (source.kind === "file") return photos.decode(source.cleanFile);
  const photo = await photos.drawSample(source.index);
  return { photo, alpha: null, bitDepth: 8, format: "png", icc: null, exif: null, xmp: null };
}

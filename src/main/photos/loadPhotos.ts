import { toGrey } from "#shared/image/grey.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { SAMPLE_SET, generateSamplePhoto } from "#shared/image/sampleSet.ts";
import { decodePhoto } from "./decodePhoto.ts";
import type { DatasetPhoto } from "./scanDataset.ts";

/** `grey` converts every photo to one channel; `colour` takes each as it is, so grey photos stay grey. */
export type PhotoChannels = "grey" | "colour";

/** Loads photos of a data set one after the other, in the order given; alpha is dropped. Throws LabError where a file can no longer be read or decoded. */
export async function* loadPhotos(
  photos: readonly DatasetPhoto[],
  channels: PhotoChannels,
): AsyncGenerator<NamedPhoto, void, undefined> {
  const convert = (photo: Photo) => (channels === "grey" ? toGrey(photo) : photo);
  for (const { name, source } of photos) {
    if (source.kind === "sample") {
      yield { name, clean: convert(generateSamplePhoto(source.index, SAMPLE_SET)) };
      continue;
    }
    const clean = convert((await decodePhoto(source.cleanFile)).photo);
    if (source.noisyFile === null) yield { name, clean };
    else yield { name, clean, noisy: convert((await decodePhoto(source.noisyFile)).photo) };
  }
}

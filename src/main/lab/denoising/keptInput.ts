import type { PixelFile } from "#main/files/pixelFile.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { DenoiseRequest } from "#shared/api/denoising.ts";
import type { Photo } from "#shared/image/photo.ts";

import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import type { KeptInput } from "./denoiseItems.ts";
import { prepareInput } from "./denoisePhoto.ts";
import { openTaskPhoto, type TaskPhoto } from "./taskPhotos.ts";

/** What photos are kept to look at with. */
export interface KeepContext {
  readonly photos: PhotoReader;
  readonly work: Pick<WorkFolder, "newFile">;
}

/** Reads a photo, makes it noisy where asked for, and keeps it as networks of so many channels get it. Throws LabError. */
export async function keepInput(
  context: KeepContext,
  photo: TaskPhoto,
  request: DenoiseRequest,
  imageChannels: 1 | 3,
): Promise<KeptInput> {
  return keepRoom(async () => {
    const { photo: picture, bitDepth } = await openTaskPhoto(context, photo);
    const { clean, input, noise } = await prepareInput(photo.name, picture, request, imageChannels);
    return {
      clean: clean === null ? null : await keepPhoto(context, clean),
      input: await keepPhoto(context, input),
      noise,
      estimatedSigma255: await inThread("estimateSigma255", input),
      imageChannels,
      channels: picture.channels,
      bitDepth,
    };
  });
}

/** Keeps a photo's values in a file of the work folder. Throws LabError `disk` or `permission`. */
export async function keepPhoto({ work }: Pick<KeepContext, "work">, photo: Photo): Promise<PixelFile> {
  return inThread("writePixels", await work.newFile(".f32", photo.data.byteLength), photo);
}

import { countBytes, type PixelFile } from "#main/files/pixelFile.ts";
import { readMarks, warnOfMarks } from "#main/photos/denoiseMark.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread, makeTogether } from "#main/photos/threads/inThread.ts";
import { later, partOf } from "#main/photos/threads/later.ts";
import type { DenoiseItem, DenoiseRequest } from "#shared/api/denoising.ts";

import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import type { OpenNetwork } from "./denoiseEngine.ts";
import type { KeptInput } from "./denoiseItems.ts";
import { prepareInput } from "./denoisePhoto.ts";
import { remarksOn, type TaskModel } from "./taskModels.ts";
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
    const { decoded, width, height, channels, bitDepth } = await openTaskPhoto(context, photo);
    const { clean, input, noise } = prepareInput(photo.name, partOf(decoded, "photo"), request, imageChannels);
    // With noise, colour is what a network for colour gets; without, a photo stays what it is.
    const bytes = countBytes({ width, height, channels: clean !== null && imageChannels === 3 ? 3 : channels });
    const newFile = (): Promise<string> => context.work.newFile(".f32", clean === null ? bytes : 2 * bytes);
    const { xmp, ...kept } = await makeTogether({
      clean: clean === null ? null : later("writePixels", await newFile(), clean),
      input: later("writePixels", await newFile(), input),
      noise,
      estimatedSigma255: later("estimateSigma255", input),
      icc: partOf(decoded, "icc"),
      xmp: partOf(decoded, "xmp"),
    });
    return { ...kept, imageChannels, channels, bitDepth, before: warnOfMarks(readMarks(xmp)) };
  });
}

/** Measures a result against the clean photo, where noise was added to one; else null. */
export async function measurePsnr({ clean, input }: KeptInput, output: PixelFile): Promise<DenoiseItem["psnrDb"]> {
  return clean === null ? null : inThread("measureGain", clean, input, output);
}

/** What is known of a photo once it is kept to look at. */
export function describeInput(kept: KeptInput): Partial<DenoiseItem> {
  const { width, height, channels } = kept.input;
  const { bitDepth, estimatedSigma255, clean } = kept;
  return { width, height, channels, bitDepth, estimatedSigma255, hasClean: clean !== null };
}

/** By what a photo was denoised, and what does not fit. */
export async function describeBy(
  model: TaskModel,
  { engine, loaded, speeds }: Omit<OpenNetwork, "compute" | "file">,
  { channels, estimatedSigma255, before }: KeptInput,
  sigma255: number | null,
): Promise<Partial<DenoiseItem>> {
  const estimate = (): number => estimatedSigma255;
  const remarks = await remarksOn(model, loaded, { channels, sigma255, estimate, before });
  return { model: model.name, why: model.why, engine, device: loaded.device, speeds, remarks };
}

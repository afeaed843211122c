import { type PixelFile, readPixels, writePixels } from "#main/files/pixelFile.ts";
import { selfEnsemble } from "#shared/image/selfEnsemble.ts";
import type { Photo } from "#shared/image/photo.ts";

import type { PassOptions } from "#main/compute/protocol.ts";

import type { Denoiser, TileListener } from "./denoiser.ts";

/** Denoises the photo in a file into another file, in one orientation or all eight. Throws LabError `not_found`, `disk` or as `denoise` does. */
export async function denoiseFile(
  denoiser: Pick<Denoiser, "denoise">,
  input: PixelFile,
  target: string,
  { selfEnsemble: isEnsemble, ...options }: PassOptions,
  onTile: TileListener,
): Promise<PixelFile> {
  const { width, height } = input;
  const photo = await readPixels(input, { x: 0, y: 0, width, height });
  const once = (turned: Photo): Promise<Photo> => denoiser.denoise(turned, options, onTile);
  return writePixels(target, isEnsemble ? await selfEnsemble(photo, once) : await once(photo));
}

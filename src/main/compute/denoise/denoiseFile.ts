import { rm } from "node:fs/promises";

import { createPixels, type PixelFile, readPixels, writePart } from "#main/files/pixelFile.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { selfEnsemble } from "#shared/image/selfEnsemble.ts";
import type { Photo } from "#shared/image/photo.ts";

import type { PassOptions } from "#main/compute/protocol.ts";

import { checkOutput, isFinitePhoto } from "./checkOutput.ts";
import type { Denoiser, TileListener } from "./denoiser.ts";

/** Denoises the photo in a file, or a part of it, into another file, in one orientation or all eight. Throws LabError `not_found`, `disk`, or as `denoise` and `checkOutput` do, and leaves nothing behind. */
export async function denoiseFile(
  denoiser: Pick<Denoiser, "denoise" | "denoiseParts">,
  input: PixelFile,
  target: string,
  { selfEnsemble: isEnsemble, area, ...options }: PassOptions,
  onTile: TileListener,
): Promise<PixelFile> {
  const { x, y, width, height } = area ?? { x: 0, y: 0, width: input.width, height: input.height };
  const whole = { x: 0, y: 0, width, height };
  const read = (part: Rectangle) => readPixels(input, { ...part, x: x + part.x, y: y + part.y });
  try {
    const output = await createPixels(target, { width, height, channels: input.channels });
    const write = async (part: Rectangle, photo: Photo): Promise<void> => {
      if (!isFinitePhoto(photo)) checkOutput(await read(whole), photo);
      await writePart(output, part, photo);
    };
    if (isEnsemble) {
      await write(whole, await selfEnsemble(await read(whole), (turned) => denoiser.denoise(turned, options, onTile)));
    } else {
      await denoiser.denoiseParts({ width, height, channels: input.channels, read }, write, options, onTile);
    }
    return output;
  } catch (error) {
    await rm(target, { force: true }).catch(() => undefined);
    throw error;
  }
}

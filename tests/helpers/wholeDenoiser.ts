import type { Denoiser } from "#main/compute/denoise/denoiser.ts";

/** A network that takes a photo as a whole, by a function. */
export function denoiseWhole(denoise: Denoiser["denoise"]): Pick<Denoiser, "denoise" | "denoiseParts"> {
  return {
    denoise,
    denoiseParts: async (source, onPart, options, onTile) => {
      const whole = { x: 0, y: 0, width: source.width, height: source.height };
      await onPart(whole, await denoise(await source.read(whole), options, onTile));
    },
  };
}

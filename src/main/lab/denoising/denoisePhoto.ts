import type { ComputeFunctions, DenoiseOptions } from "#main/compute/protocol.ts";
import type { Photo } from "#shared/image/photo.ts";

/** A photo as it came out of a network, at full strength and not clipped. */
export interface NetworkOutput {
  readonly output: Photo;
  readonly seconds: number;
}

/**
 * Denoises a photo by the network that is loaded: the one way to do it, for looking, for files and for evaluations. What a
 * person gets of it, `blend` makes of input and output. Noise that was added here is told to networks that want to know it.
 */
export async function denoisePhoto(
  compute: Pick<ComputeFunctions, "denoise">,
  input: Photo,
  options: DenoiseOptions,
): Promise<NetworkOutput> {
  const start = performance.now();
  const output = await compute.denoise(input, options);
  return { output, seconds: (performance.now() - start) / 1000 };
}

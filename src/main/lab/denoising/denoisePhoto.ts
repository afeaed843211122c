import type { ComputeFunctions, DenoiseOptions } from "#main/compute/protocol.ts";
import type { SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";

/** A photo as it came out of a network, at full strength and not clipped. */
export interface NetworkOutput {
  readonly output: Photo;
  readonly seconds: number;
}

/** What is known of the noise in a photo: what was added here, or what somebody said. */
export function knownNoise(added: SettledNoise | undefined, sigma255: number | null): SettledNoise | undefined {
  return added ?? (sigma255 === null ? undefined : { kind: "gaussian", sigma255 });
}

/**
 * Denoises a photo by the network that is loaded: the one way to do it, for looking, for files and for evaluations. What a
 * person gets of it, `blend` makes of input and output. What is known of its noise is told to networks that want to know it.
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

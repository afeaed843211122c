import type { ComputeFunctions, ComputeListener, PassOptions } from "#main/compute/protocol.ts";
import type { PixelFile } from "#main/files/pixelFile.ts";
import { later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import type { DenoiseInput } from "#shared/api/denoising.ts";
import { isMappable, type SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { SELF_ENSEMBLE_PASSES } from "#shared/image/selfEnsemble.ts";

/** A photo as it came out of a network, at full strength and not clipped. */
export interface NetworkOutput {
  readonly output: PixelFile;
  readonly seconds: number;
}

/** A photo as a network gets it, for jobs in threads. */
export interface NetworkInput {
  /** The photo before noise was added; null where none was. */
  readonly clean: OrLater<Photo> | null;
  readonly input: OrLater<Photo>;
  /** What is known of the noise: what was added here, or what somebody said. */
  readonly noise: OrLater<SettledNoise> | undefined;
}

/**
 * Makes a photo ready for a network, noisy where asked for. A network for colour pictures gets its noise in three channels,
 * also on a grey photo; one for grey pictures in the photo's own, for it takes a colour photo channel by channel.
 */
export function prepareInput(
  name: string,
  photo: OrLater<Photo>,
  { addNoise, noiseSeed, sigma255 }: Pick<DenoiseInput, "addNoise" | "noiseSeed" | "sigma255">,
  imageChannels: 1 | 3,
): NetworkInput {
  if (addNoise === null) {
    return { clean: null, input: photo, noise: sigma255 === null ? undefined : { kind: "gaussian", sigma255 } };
  }
  const clean = imageChannels === 3 ? later("toChannels", photo, 3) : photo;
  const made = later("makeNoisy", { name, clean }, addNoise, noiseSeed);
  return { clean, input: partOf(made, "noisy"), noise: partOf(made, "noise") };
}

/**
 * Denoises the photo in a file, or a part of it, by the network that is loaded: the one way to do it, for looking, for files and for
 * evaluations. What a person gets of it, `blend` makes of input and output. What is known of its noise is told to networks
 * that want to know it.
 */
export async function denoisePhoto(
  compute: Pick<ComputeFunctions, "denoise">,
  input: PixelFile,
  target: string,
  { memoryBudgetMb, noise, selfEnsemble, area }: PassOptions,
): Promise<NetworkOutput> {
  const start = performance.now();
  const output = await compute.denoise(input, target, { memoryBudgetMb, noise, selfEnsemble, area });
  return { output, seconds: (performance.now() - start) / 1000 };
}

/**
 * Returns what a network is told of the noise. Where nothing is known that it could be told, the estimate of this very photo takes
 * its place, which it would make itself; but in a self-ensemble it makes one for each orientation.
 */
export function noiseToTell(
  noise: SettledNoise | undefined,
  estimatedSigma255: number,
  { selfEnsemble: isEnsemble }: Pick<PassOptions, "selfEnsemble">,
): SettledNoise | undefined {
  if (isEnsemble || (noise !== undefined && isMappable(noise))) return noise;
  return { kind: "gaussian", sigma255: estimatedSigma255 };
}

/** Counts the tiles of one photo over all its passes, as if it were one. */
export function countPasses(
  { selfEnsemble: isEnsemble }: Pick<PassOptions, "selfEnsemble">,
  tell: ComputeListener["onTile"],
): ComputeListener["onTile"] {
  const passes = isEnsemble ? SELF_ENSEMBLE_PASSES : 1;
  let ended = 0;
  return (done, total) => {
    tell(ended * total + done, passes * total);
    if (done === total) ended += 1;
  };
}

/** Names what made a result in its file's name: the model's hash, and the self-ensemble where there was one. */
export function markOf(modelHash: string, { selfEnsemble: isEnsemble }: Pick<PassOptions, "selfEnsemble">): string {
  return isEnsemble ? `${modelHash}-x${SELF_ENSEMBLE_PASSES}` : modelHash;
}

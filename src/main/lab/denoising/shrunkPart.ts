import { countBytes, type PixelFile } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { SettledNoise } from "#shared/image/noise.ts";

import { type BlockContext, keepPace, type Passes } from "./denoiseBlocks.ts";
import type { OpenNetwork } from "./denoiseEngine.ts";
import type { KeptInput } from "./denoiseItems.ts";
import { denoisePhoto } from "./denoisePhoto.ts";
import { countWork } from "./quickPart.ts";

/** A part of a photo as it is seen small: what a network got, and what it made of it. */
interface DenoisedSmall {
  readonly input: PixelFile;
  readonly output: PixelFile;
  /** How much of what it made is laid over what it got. */
  readonly share: number;
}

/**
 * Networks blur a small picture of much detail by about so much, 0..255 scale. With it `fast` and `colour` come closest to the
 * photo that is denoised first and shrunk then: 6 validation photos of `bsd500`, sigma 10 to 50, factors 2 and 4, where 2, 3, 4 and
 * 6 were tried; docs/dev/decisions/small-looks.md.
 */
const BLUR_255 = 3;

/**
 * Denoises a part of a photo as it is seen on a screen, shrunk by a whole factor: a look at all of a large photo at once, long before
 * all its pixels are done. Throws LabError.
 */
export async function denoiseShrunk(
  context: BlockContext,
  open: OpenNetwork,
  kept: KeptInput,
  { sigma255, memoryBudgetMb }: Omit<Passes, "selfEnsemble">,
  area: Rectangle,
  factor: number,
): Promise<DenoisedSmall> {
  const { channels } = kept.input;
  const bytes = countBytes({ width: area.width / factor, height: area.height / factor, channels });
  const files = [await context.work.newFile(".f32", bytes), await context.work.newFile(".f32", bytes)] as const;
  const input = await inThread("shrinkPart", kept.input, area, factor, files[0]);
  const { noise, share } = weighNoise(kept, sigma255, factor);
  const passes = { memoryBudgetMb, noise, selfEnsemble: false, area: undefined };
  const { output, seconds } = await denoisePhoto(open.compute, input, files[1], passes);
  keepPace(context, open, seconds / countWork(input, 0));
  return { input, output, share };
}

/**
 * Returns the noise that is left when a photo is shrunk, of what was said of it, or known, or estimated; and the share of a network's
 * result that comes closest, by the variances of that noise and of what the network blurs.
 */
export function weighNoise(
  { noise, estimatedSigma255 }: Pick<KeptInput, "noise" | "estimatedSigma255">,
  said: number | null,
  factor: number,
): { readonly noise: SettledNoise; readonly share: number } {
  const known = noise?.kind === "gaussian" ? noise.sigma255 : estimatedSigma255;
  const sigma255 = (said ?? known) / factor;
  return { noise: { kind: "gaussian", sigma255 }, share: sigma255 ** 2 / (sigma255 ** 2 + BLUR_255 ** 2) };
}

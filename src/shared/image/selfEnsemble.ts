import { mirror, rotate90 } from "./geometry.ts";
import type { Photo } from "./photo.ts";
import { checkSameShape } from "./psnr.ts";

/** Four turns, each as it is and mirrored: all ways in which a square lies on itself. */
const TURNS = [0, 1, 2, 3].flatMap((quarterTurns) => [false, true].map((isMirrored) => ({ quarterTurns, isMirrored })));

/** How often a self-ensemble has a photo denoised. */
export const SELF_ENSEMBLE_PASSES = TURNS.length;

/**
 * Denoises a photo in all eight orientations, one after the other, and averages the results in the photo's own orientation:
 * the x8 self-ensemble (Timofte et al. 2016). Nothing is clipped; `denoise` must keep the size of what it is given.
 */
export async function selfEnsemble(photo: Photo, denoise: (turned: Photo) => Promise<Photo>): Promise<Photo> {
  const sum = new Float64Array(photo.data.length);
  for (const { quarterTurns, isMirrored } of TURNS) {
    const output = await denoise(rotate90(isMirrored ? mirror(photo) : photo, quarterTurns));
    const upright = rotate90(output, -quarterTurns);
    const back = isMirrored ? mirror(upright) : upright;
    checkSameShape("selfEnsemble", back, photo);
    for (const [index, value] of back.data.entries()) sum[index] = (sum[index] ?? NaN) + value;
  }
  // `from` with a function would make a list of all values first.
  const data = new Float32Array(sum.length);
  for (let i = 0; i < data.length; i++) data[i] = (sum[i] ?? NaN) / SELF_ENSEMBLE_PASSES;
  return { ...photo, data };
}

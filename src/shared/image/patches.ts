import { LabError } from "#shared/labError.ts";
import type { Random } from "#shared/random/random.ts";
import type { Augmentation } from "./augmentation.ts";
import { crop, mirror, rotate90 } from "./geometry.ts";
import type { NamedPhoto, Photo } from "./photo.ts";
import { resizeWindow } from "./resize.ts";

/**
 * Cuts a random training patch `[size, size, C]`: rescale, crop, turn, mirror (science notes 1.8), the same for both
 * photos of a pair. Rescaling never goes below the patch size. Throws bad_data where the photo is smaller than the patch.
 */
export function cutPatch(photo: NamedPhoto, size: number, augmentation: Augmentation, random: Random): NamedPhoto {
  const cut = drawCut(photo, size, augmentation, random);
  return {
    name: photo.name,
    clean: cut(photo.clean),
    ...(photo.noisy === undefined ? {} : { noisy: cut(photo.noisy) }),
  };
}

/** Draws every random choice of one patch, always the same number of draws, and returns the cut they describe. */
function drawCut(
  { name, clean }: NamedPhoto,
  size: number,
  augmentation: Augmentation,
  random: Random,
): (photo: Photo) => Photo {
  const { width, height } = clean;
  if (Math.min(width, height) < size) {
    throw new LabError(
      "bad_data",
      `photo "${name}" must be at least the patch size ${size}x${size}, got ${width}x${height}`,
    );
  }
  const isRescaled = random.uniform() < augmentation.rescaleProbability;
  const { rescaleFrom, rescaleTo } = augmentation;
  const drawnScale = rescaleFrom + random.uniform() * (rescaleTo - rescaleFrom);
  const scale = isRescaled ? drawnScale : 1;
  const scaled = {
    width: Math.max(size, Math.round(width * scale)),
    height: Math.max(size, Math.round(height * scale)),
  };
  const x = random.integer(scaled.width - size + 1);
  const y = random.integer(scaled.height - size + 1);
  const turns = random.integer(4);
  const isMirrored = random.uniform() < 0.5;
  const window = { x, y, width: size, height: size };
  return (photo) => {
    const patch = scale === 1 ? crop(photo, window) : resizeWindow(photo, scaled, window);
    const turned = augmentation.rotate ? rotate90(patch, turns) : patch;
    return augmentation.mirror && isMirrored ? mirror(turned) : turned;
  };
}

import type { Photo } from "#shared/image/photo.ts";
import { LabError } from "#shared/labError.ts";

/** Throws LabError bad_checkpoint where a network makes of a photo what is no picture: finite weights can have sums that are not. */
export function checkOutput(input: Photo, { data }: Photo): void {
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad === undefined || !input.data.every(Number.isFinite)) return;
  throw new LabError("bad_checkpoint", `denoise: the network must give finite numbers for the photo, got ${bad}`);
}

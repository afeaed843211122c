import type { Photo } from "#shared/image/photo.ts";
import { LabError } from "#shared/labError.ts";

/** Tells whether all values of a photo are finite. */
export function isFinitePhoto({ data }: Photo): boolean {
  // A function for each value would take seconds for a large photo.
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

/** Throws LabError bad_checkpoint where a network makes of a photo what is no picture: finite weights can have sums that are not. */
export function checkOutput(input: Photo, { data }: Photo): void {
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad === undefined || !isFinitePhoto(input)) return;
  throw new LabError("bad_checkpoint", `the network must give finite numbers for the photo, got ${bad}`);
}

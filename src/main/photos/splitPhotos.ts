import { LabError } from "#shared/labError.ts";

/** The parts of a data set; training of a found network uses the first two together. */
export interface PhotoSplit<Item> {
  readonly weights: readonly Item[];
  readonly architecture: readonly Item[];
  readonly validation: readonly Item[];
}

/**
 * Splits photos that are in the order of their names (science notes 1.7): the last floor(share * n), at least one, for
 * validation; of the others the first half for weights, the second for the architecture. At least one photo goes to each
 * part; throws LabError bad_data for fewer than three.
 */
export function splitPhotos<Item>(photos: readonly Item[], validationShare: number): PhotoSplit<Item> {
  if (photos.length < 3) {
    throw new LabError("bad_data", `a data set must have at least 3 usable photos, got ${photos.length}`);
  }
  const wanted = Math.max(1, Math.floor(validationShare * photos.length));
  const searchCount = photos.length - Math.min(wanted, photos.length - 2);
  const half = Math.ceil(searchCount / 2);
  return {
    weights: photos.slice(0, half),
    architecture: photos.slice(half, searchCount),
    validation: photos.slice(searchCount),
  };
}

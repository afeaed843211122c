import { type DatasetPhoto, scanSampleSet } from "./scanDataset.ts";
import { listPhotos } from "./listPhotos.ts";
import { matchPairs } from "./matchPairs.ts";

/**
 * Lists the photos of a data set without opening any: those that a scan finds, given the files that it left out. No folder
 * means the built-in sample set. Throws LabError as `listPhotos` does.
 */
export async function listDataset(
  folder: string | null,
  noisyFolder: string | null,
  leftOut: ReadonlySet<string>,
): Promise<readonly DatasetPhoto[]> {
  if (folder === null) return scanSampleSet().photos;
  const clean = await listPhotos(folder);
  if (noisyFolder === null) {
    return clean.photos
      .filter(({ file }) => !leftOut.has(file))
      .map(({ name, file }) => ({ name, source: { kind: "file", cleanFile: file, noisyFile: null } }));
  }
  const { pairs } = matchPairs(clean.photos, (await listPhotos(noisyFolder)).photos);
  return pairs
    .filter((pair) => !leftOut.has(pair.noisy.file))
    .map((pair) => ({
      name: pair.clean.name,
      source: { kind: "file", cleanFile: pair.clean.file, noisyFile: pair.noisy.file },
    }));
}

import { join } from "node:path";

import { findFolders } from "#main/cli/scanDataset.ts";
import { listDataset } from "#main/photos/listDataset.ts";
import type { Lab } from "#shared/api/lab.ts";

import { writeCrops, writeSampleHeldOut } from "./heldOutPhotos.ts";

/** The photos of a demo: what is trained on, and what is held out to measure. */
export interface DemoPhotos {
  readonly dataset: string;
  readonly testFolder: string;
  readonly testFiles: readonly string[];
}

/**
 * Picks the photos to train on and writes the held-out ones below the demo's folder. Of a person's photos it writes crops
 * of some, so that thousands of camera photos take no longer than the sample set. Throws a LabError for unusable data.
 */
export async function prepareDemoPhotos(
  lab: Lab,
  data: string | null,
  workingFolder: string,
  demoFolder: string,
): Promise<DemoPhotos> {
  const testFolder = join(demoFolder, "held-out");
  if (data === null || data === "sample") {
    const testFiles = await writeSampleHeldOut(testFolder);
    return { dataset: "sample", testFolder, testFiles };
  }
  const { folder, noisyFolder } = await findFolders(lab, data, workingFolder);
  const photos = await listDataset(folder, noisyFolder, new Set());
  const dataset = join(demoFolder, "photos");
  return { dataset, testFolder, testFiles: await writeCrops(photos, dataset, testFolder) };
}

import { join, resolve } from "node:path";

import { scanDataset } from "#main/cli/scanDataset.ts";
import type { Lab } from "#shared/api/lab.ts";

import { writeHeldOutPhotos, writeSampleHeldOut } from "./heldOutPhotos.ts";

/** The photos of a demo: what is trained on, and what is held out to measure. */
export interface DemoPhotos {
  readonly dataset: string;
  /** Photos after the first so many are held out; null where the data set has none to hold out. */
  readonly maxPhotos: number | null;
  readonly testFolder: string;
  readonly testFiles: readonly string[];
}

/** Picks the photos to train on and writes the held-out ones below the demo's folder. Throws a LabError for unusable data. */
export async function prepareDemoPhotos(
  lab: Lab,
  data: string | null,
  workingFolder: string,
  demoFolder: string,
): Promise<DemoPhotos> {
  const testFolder = join(demoFolder, "held-out");
  if (data === null || data === "sample") {
    const testFiles = await writeSampleHeldOut(testFolder);
    return { dataset: "sample", maxPhotos: null, testFolder, testFiles };
  }
  const { photos } = await scanDataset(lab, data, workingFolder);
  const testFiles = await writeHeldOutPhotos(photos, testFolder);
  const isName = (await lab.listDatasets()).some(({ name }) => name === data);
  const dataset = isName ? data : resolve(workingFolder, data);
  return { dataset, maxPhotos: photos.length - testFiles.length, testFolder, testFiles };
}

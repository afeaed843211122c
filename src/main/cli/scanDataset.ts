import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { scanCleanFolder, scanPairs, scanSampleSet, type DatasetScan } from "#main/photos/scanDataset.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/api/labError.ts";

/** Looks at the photos of the sample set, a registered data set or a folder, without registering anything. Throws a LabError. */
export async function scanDataset(lab: Lab, data: string, workingFolder: string): Promise<DatasetScan> {
  if (data === "sample") return scanSampleSet();
  const known = (await lab.listDatasets()).find(({ name }) => name === data);
  if (known !== undefined) {
    return known.noisyFolder === null ? scanCleanFolder(known.folder) : scanPairs(known.folder, known.noisyFolder);
  }
  const folder = resolve(workingFolder, data);
  if (existsSync(folder)) return scanCleanFolder(folder);
  throw new LabError("not_found", `data: must be a registered data set or a folder, got ${data}`);
}

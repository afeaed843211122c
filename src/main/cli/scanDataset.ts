import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { scanCleanFolder, scanPairs, scanSampleSet, type DatasetScan } from "#main/photos/scanDataset.ts";
import type { DatasetReport } from "#shared/api/datasets.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

/** Looks at the photos of the sample set, a registered data set or a folder, without registering anything. Throws a LabError. */
export async function scanDataset(lab: Lab, data: string, workingFolder: string): Promise<DatasetScan> {
  if (data === "sample") return scanSampleSet();
  const { folder, noisyFolder } = await findFolders(lab, data, workingFolder);
  return noisyFolder === null ? scanCleanFolder(folder) : scanPairs(folder, noisyFolder);
}

/** Finds the folders of a registered data set, or the folder of that path. Throws a LabError `not_found`. */
export async function findFolders(
  lab: Lab,
  data: string,
  workingFolder: string,
): Promise<Pick<DatasetReport, "folder" | "noisyFolder">> {
  const known = (await lab.listDatasets()).find(({ name }) => name === data);
  if (known !== undefined) return known;
  const folder = resolve(workingFolder, data);
  if (existsSync(folder)) return { folder, noisyFolder: null };
  throw new LabError("not_found", `no data set or folder is named ${data}`);
}

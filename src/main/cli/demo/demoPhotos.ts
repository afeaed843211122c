import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { DatasetReport, Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/api/labError.ts";

import { writeFolderTestPhotos, writeSampleTestPhotos } from "./testPhotos.ts";

/** The photos of a demo: what is trained on, and what is held out to measure. */
export interface DemoPhotos {
  readonly dataset: string;
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
  if (data === null) {
    const { files } = await writeSampleTestPhotos(testFolder);
    return { dataset: "sample", maxPhotos: null, testFolder, testFiles: files };
  }
  const report = await findDataset(lab, data, workingFolder);
  const { files, trainingPhotos } = await writeFolderTestPhotos(report.folder, report.photos, testFolder);
  return { dataset: report.name, maxPhotos: trainingPhotos, testFolder, testFiles: files };
}

async function findDataset(lab: Lab, data: string, workingFolder: string): Promise<DatasetReport> {
  const known = (await lab.listDatasets()).find(({ name }) => name === data);
  if (known !== undefined) return known;
  const folder = resolve(workingFolder, data);
  if (!existsSync(folder)) throw new LabError("not_found", `demo: --data must be a data set or a folder, got ${data}`);
  return lab.addDataset({ name: null, folder, noisyFolder: null });
}

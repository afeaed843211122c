import type { LabContext } from "#main/lab/labContext.ts";
import { planFineTuning } from "#main/lab/runs/fineTuning.ts";
import type { PhotoWatch } from "#main/photos/scanDataset.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import type { Lab, OnPhoto } from "#shared/api/lab.ts";

import { listDatasetPhotos } from "./datasetPhotos.ts";
import { browseFolder } from "./datasetSource.ts";
import * as datasets from "./datasets.ts";
import { fitCamera } from "./fitCamera.ts";
import { findLeaks, findRunLeaks } from "./leaks.ts";
import * as noise from "./noise.ts";

/** Answers what is asked of data sets, and of noise. */
export function answerDatasets(context: LabContext) {
  return {
    addDataset: (input, onPhoto) => datasets.addDataset(context, input, watchPhotos(onPhoto)),
    importDataset: async (input) => datasets.importDataset(context, input),
    listDatasets: () => datasets.listDatasets(context),
    verifyDataset: (name, onPhoto) => datasets.verifyDataset(context, name, watchPhotos(onPhoto)),
    relocateDataset: (name, folders) => datasets.relocateDataset(context, name, folders),
    renameDataset: (name, wanted) => datasets.renameDataset(context, name, wanted),
    removeDataset: (name) => datasets.removeDataset(context, name),
    listDatasetPhotos: (query) => listDatasetPhotos(context, query),
    findLeaks: (sets) => findLeaks(context, sets),
    findRunLeaks: async (id) => findRunLeaks(context, await context.showRun(id)),
    browseFolder,
    listOpenFolders: async () => [context.home, ...datasets.listFolders(context)],
    listDatasetNames: async () => datasets.listNames(context),
    measureNoise: (photo) => keepRoom(async () => noise.describePair(await noise.addNoiseTo(context, photo))),
    measurePatch: (patch) => keepRoom(async () => noise.describePair(await noise.drawTrainingPatch(context, patch))),
    listNoiseProfiles: async () => noise.listNoiseProfiles(context),
    saveNoiseProfile: (profile) => noise.saveNoiseProfile(context, profile),
    fitCamera: (wish) => fitCamera(context, wish),
    planFineTuning: (wish) => planFineTuning(context, wish),
    removeNoiseProfile: (name) => noise.removeNoiseProfile(context, name),
  } satisfies Partial<Lab>;
}

/** A look at photos that is told of and that nothing ends early. */
function watchPhotos(onPhoto: OnPhoto | undefined): PhotoWatch | null {
  return onPhoto === undefined ? null : { signal: new AbortController().signal, onPhoto };
}

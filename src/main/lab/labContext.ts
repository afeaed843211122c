import { readCardInside } from "#main/export/cardInside.ts";
import { removeTemporaryFolders } from "#main/files/temporaryFiles.ts";
import { openArchitectureCards } from "#main/store/cards/architectureCards.ts";
import { openDatasetCards } from "#main/store/cards/datasetCards.ts";
import { openModelFolders } from "#main/store/cards/modelFolders.ts";
import { openNoiseProfileCards } from "#main/store/cards/noiseProfileCards.ts";
import { getHomePaths } from "#main/store/labHome.ts";
import { removeUnfinishedRuns } from "#main/store/leftovers.ts";
import { openStore, type Store } from "#main/store/openStore.ts";
import { reconcileStore } from "#main/store/reconcileStore.ts";
import { createPhotoCache } from "#main/photos/photoCache.ts";
import { setPhotoBudget } from "#main/photos/photoRoom.ts";
import type { Architecture } from "#shared/api/architectures.ts";
import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { Preferences } from "#shared/api/preferences.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import type { Explanation } from "#shared/space/cells/explain.ts";

import { listArchitectures } from "#main/lab/architectures/architectures.ts";
import { createPhotoListings } from "#main/lab/datasets/datasetPhotos.ts";
import type { KnownSet } from "#main/lab/datasets/publicSets.ts";
import type { KeptPixels, TaskItem } from "#main/lab/denoising/denoiseItems.ts";
import { createSessionFolders } from "#main/lab/denoising/sessionFolder.ts";
import { createEvaluationMemory, listEvaluations } from "#main/lab/evaluation/evaluationList.ts";
import { createLocalExecutor } from "#main/lab/executors/localExecutor.ts";
import { createDeviceMeter } from "#main/lab/home/deviceLoad.ts";
import { getPreferences } from "#main/lab/home/preferences.ts";
import { createExiftool } from "#main/lab/metadata/exiftool.ts";
import { createRunFeeds } from "#main/lab/runs/runFeeds.ts";
import { createRunNews } from "#main/lab/runs/jobContext.ts";
import { findRun, listRuns } from "#main/lab/runs/runs.ts";
import { explainEpoch } from "#main/lab/runs/searchEpochs.ts";
import type { ComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import { createSiteWatch } from "#main/lab/sites/siteWatch.ts";
import { createStepTimer } from "#main/lab/runs/stepTimer.ts";
import type { StudyJobs } from "#main/lab/studies/studyJobs.ts";
import { createTaskBoard } from "#main/lab/tasks/tasks.ts";
import { createWorkFolder } from "#main/lab/tasks/workFolder.ts";

import { createChanges } from "./changes.ts";

export interface ContextOptions {
  readonly home: string;
  readonly presetsFolder: string;
  /** Where models lie that came with the program; it need not exist. */
  readonly shippedModelsFolder: string;
  readonly log: (line: string) => void;
  /** The process for searches and trainings. */
  readonly runCompute: ComputeQueue;
  /** The process for all else. */
  readonly taskCompute: ComputeQueue;
  /** The public sets that can be downloaded. */
  readonly publicSets: readonly KnownSet[];
  /** What the person told this program to compute on; null leaves it to the preferences. */
  readonly device: EngineDevice | null;
  /** How many runs the person told this program to do at once; null leaves it to the preferences. */
  readonly runsAtOnce: number | null;
  /** Another compute process than the lab's own, for timing. */
  readonly computeEntry: string | null;
}

/** Opens the index as the folders say, and lets what died while it was made be removed meanwhile. */
function openReconciled(home: string, log: (line: string) => void): Store {
  const store = openStore(home);
  const { runs, studies } = getHomePaths(home);
  for (const folder of [runs, studies]) void removeUnfinishedRuns(folder);
  void removeTemporaryFolders();
  try {
    reconcileStore(store, home);
  } catch (error) {
    log(
      `the index may lack runs until \`hinas store rebuild\`: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return store;
}

function openCards(paths: ReturnType<typeof getHomePaths>) {
  return {
    datasets: openDatasetCards(paths.datasets),
    architectures: openArchitectureCards(paths.architectures),
    noiseProfiles: openNoiseProfileCards(paths.noiseProfiles),
  };
}

/** All that the subjects of one lab ask for; each takes its own narrow context of it. */
export type LabContext = ReturnType<typeof createLabContext>;

/** What is known until the lab is closed. */
function createMemories() {
  return {
    denoised: new Map<string, readonly TaskItem[]>(),
    written: new Map<string, Promise<KeptPixels>>(),
    lookedAt: new Map<string, boolean>(),
    paces: new Map<string, number>(),
    evaluations: createEvaluationMemory(),
    listings: createPhotoListings(),
    photos: createPhotoCache(),
    measureDevice: createDeviceMeter(),
  };
}

/** What the person told this program, and else prefers. */
function createChoices({ device, runsAtOnce }: ContextOptions, prefer: () => Preferences) {
  return {
    getDevice: (): EngineDevice => device ?? prefer().engineDevice,
    getRunsAtOnce: (): number => runsAtOnce ?? prefer().runsAtOnce,
  };
}

/** Makes what the subjects of a lab that keeps everything in `home` work with. */
export function createLabContext(options: ContextOptions) {
  const { home, log, runCompute } = options;
  const paths = getHomePaths(home);
  const changes = createChanges();
  const work = createWorkFolder();
  const runNews = createRunNews();
  const getStore = (): Store => context.getStore();
  const here = createLocalExecutor({ paths, log, work, runNews, runCompute, getStore });
  const runs = { here, runNews, log };
  let store: Store | null = null;
  const context = {
    ...options,
    paths,
    ...runs,
    changes,
    studyJobs: new Map() as StudyJobs,
    tasks: createTaskBoard(changes, log),
    ...createMemories(),
    sessions: createSessionFolders(paths.sessions),
    ...createChoices(options, (): Preferences => getPreferences(context)),
    stepTimer: createStepTimer({
      log,
      computeEntry: options.computeEntry,
      getDevice: (): EngineDevice => context.getDevice(),
      isBusy: here.isBusy,
    }),
    feeds: createRunFeeds(runs),
    work,
    exiftool: createExiftool(),
    siteWatch: createSiteWatch({ paths, changes, log, work, getStore }),
    models: openModelFolders({
      folder: paths.models,
      shippedFolder: options.shippedModelsFolder,
      trash: paths.trash,
      readCardInside,
    }),
    cards: openCards(paths),
    /** Opens the index on first use, so that a damaged one can still be rebuilt. */
    getStore: (): Store => {
      if (store !== null) return store;
      store = openReconciled(home, log);
      setPhotoBudget(getPreferences(context).photoBudgetMb);
      return store;
    },
    /** Closes the index; the next use opens it again. */
    closeStore: (): void => {
      store?.close();
      store = null;
    },
    // What one subject asks of another goes by the questions that the lab answers anyway.
    showRun: (id: string): Promise<RunSummary> => findRun(context, id),
    listRuns: (): Promise<readonly RunSummary[]> => listRuns(context),
    listEvaluations: (query: { readonly runId: string | null }): Promise<readonly EvaluationSummary[]> =>
      listEvaluations(context, query),
    listArchitectures: async (): Promise<readonly Architecture[]> => listArchitectures(context),
    explainEpoch: (id: string, epoch: number): Promise<Explanation | null> => explainEpoch(context, id, epoch),
    getPreferences: async (): Promise<Preferences> => getPreferences(context),
  };
  return context;
}

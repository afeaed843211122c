import { type ArchitectureCard, openArchitectureCards } from "#main/store/cards/architectureCards.ts";
import type { CardFolder } from "#main/store/cards/cards.ts";
import { type DatasetCard, openDatasetCards } from "#main/store/cards/datasetCards.ts";
import { getHomePaths } from "#main/store/labHome.ts";
import { type NoiseProfileCard, openNoiseProfileCards } from "#main/store/cards/noiseProfileCards.ts";
import { openStore, type Store } from "#main/store/openStore.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import { type Changes, createChanges } from "./changes.ts";
import type { ComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import { createPhotoListings, type PhotoListings } from "#main/lab/datasets/datasetPhotos.ts";
import { createDeviceMeter, type DeviceMeter } from "#main/lab/home/deviceLoad.ts";
import type { TaskItem } from "#main/lab/denoising/denoiseItems.ts";
import { createLeastRecent, type LeastRecent } from "./leastRecent.ts";
import { createPhotoCache, type PhotoCache } from "#main/lab/datasets/photoCache.ts";
import { createRunFeeds, type RunFeeds } from "#main/lab/runs/runFeeds.ts";
import { createRunNews, type RunJob, type RunNews } from "#main/lab/runs/runsContext.ts";
import { createTaskBoard, type TaskBoard } from "#main/lab/tasks/tasks.ts";
import { createWorkFolder, type WorkFolder } from "#main/lab/tasks/workFolder.ts";

/** A few hundred pictures each; more are read again from their files. */
const MAX_EVALUATIONS = 500;

/** What the parts of one lab share. */
export interface LabContext {
  readonly home: string;
  readonly paths: ReturnType<typeof getHomePaths>;
  readonly presetsFolder: string;
  readonly log: (line: string) => void;
  /** The process for searches and trainings. */
  readonly runCompute: ComputeQueue;
  /** The process for all else, so that a photo need not wait for days of training. */
  readonly taskCompute: ComputeQueue;
  /** The runs that this process is at work on, by id. */
  readonly jobs: Map<string, RunJob>;
  readonly runNews: RunNews;
  readonly changes: Changes;
  readonly tasks: TaskBoard;
  /** What denoise tasks have done so far, by task. */
  readonly denoised: Map<string, readonly TaskItem[]>;
  /** Whether a data set's photos were the same when they had a certain stamp, by fingerprint and stamp. */
  readonly lookedAt: Map<string, boolean>;
  readonly measureDevice: DeviceMeter;
  readonly feeds: RunFeeds;
  readonly photos: PhotoCache;
  /** Figures of evaluations, which never change, by file. */
  readonly evaluations: LeastRecent<Evaluation>;
  readonly listings: PhotoListings;
  readonly work: WorkFolder;
  readonly cards: {
    readonly datasets: CardFolder<DatasetCard>;
    readonly architectures: CardFolder<ArchitectureCard>;
    readonly noiseProfiles: CardFolder<NoiseProfileCard>;
  };
  /** Opens the index on first use, so that a damaged one can still be rebuilt. */
  getStore(): Store;
  /** Closes the index; the next use opens it again. */
  closeStore(): void;
}

export type ContextOptions = Pick<LabContext, "home" | "presetsFolder" | "log" | "runCompute" | "taskCompute">;

/** Makes the context of a lab that keeps everything in `home`. */
export function createLabContext(options: ContextOptions): LabContext {
  const { home, log } = options;
  const paths = getHomePaths(home);
  const changes = createChanges();
  const runs = { jobs: new Map<string, RunJob>(), runNews: createRunNews(), log };
  let store: Store | null = null;
  return {
    ...options,
    paths,
    ...runs,
    changes,
    tasks: createTaskBoard(changes, log),
    denoised: new Map(),
    lookedAt: new Map(),
    measureDevice: createDeviceMeter(),
    feeds: createRunFeeds(runs),
    photos: createPhotoCache(),
    evaluations: createLeastRecent(MAX_EVALUATIONS, () => 1),
    listings: createPhotoListings(),
    work: createWorkFolder(),
    cards: {
      datasets: openDatasetCards(paths.datasets),
      architectures: openArchitectureCards(paths.architectures),
      noiseProfiles: openNoiseProfileCards(paths.noiseProfiles),
    },
    getStore: () => (store ??= openStore(home)),
    closeStore: () => {
      store?.close();
      store = null;
    },
  };
}

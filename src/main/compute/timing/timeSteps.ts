import type { NamedPhoto } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { listStages, stageAt } from "#shared/runs/trainingStages.ts";

import type { Engine } from "#main/compute/engine/engine.ts";
import type { JobContext } from "#main/compute/job/jobContext.ts";
import { JobControl } from "#main/compute/job/jobControl.ts";
import type { LongJob } from "#main/compute/job/runLoop.ts";
import type { PhotoSet, StepTimes, TimingRequest } from "#main/compute/protocol.ts";
import { openSearch } from "#main/compute/search/searchLoop.ts";
import { openTraining } from "#main/compute/train/trainLoop.ts";

/** Steps of each kind are timed for this long, and the first of each not at all: it builds the graph. */
const TIMED_SECONDS = 1;
const MOST_STEPS = 50;
/** Steps of a search before the arch steps begin: the first, which builds the graph, and some to time. */
const WARM_UP_STEPS = 4;
/** Nothing is written: only saving needs the folder. */
const NO_FOLDER = "";

/**
 * Takes steps of the very job, on pictures of noise, for about a second and returns their mean seconds: of a search those with an arch
 * step and those of the warm-up, of a training those of its first stage. Nothing is kept.
 */
export function timeSteps(engine: Engine, request: TimingRequest): StepTimes {
  return request.kind === "search" ? timeSearch(engine, request.config) : timeTraining(engine, request);
}

function timeSearch(engine: Engine, config: SearchConfig): StepTimes {
  const { batchSize, patchSize } = config.search;
  const photos = drawPhotos(WARM_UP_STEPS * batchSize, patchSize, config.space.imageChannels);
  const none = { kind: "none" } as const;
  const search = { ...config.search, warmupEpochs: 1, epochs: 2, stopping: none, cost: none };
  const context = openContext(engine, { weights: photos, architecture: photos });
  const job = openSearch(context, { config: { ...config, search }, folder: NO_FOLDER, resume: false }, null);
  return useJob(job, () => {
    job.takeStep();
    const warmUpSeconds = timeMean(job, WARM_UP_STEPS - 1);
    job.takeStep();
    return { secondsPerStep: timeMean(job, MOST_STEPS), warmUpSeconds };
  });
}

function timeTraining(engine: Engine, { config, genotype }: Extract<TimingRequest, { kind: "train" }>): StepTimes {
  const { batchSize } = stageAt(listStages(config.training), 0);
  const largest = Math.max(...listStages(config.training).map(({ patchSize }) => patchSize));
  const photos = drawPhotos(batchSize, largest, config.network.imageChannels);
  const training = { ...config.training, startFrom: null };
  const context = openContext(engine, { training: photos });
  const job = openTraining(context, { config: { ...config, training }, genotype, folder: NO_FOLDER, resume: false });
  return useJob(job, () => {
    job.takeStep();
    return { secondsPerStep: timeMean(job, MOST_STEPS), warmUpSeconds: null };
  });
}

function useJob(job: LongJob, time: () => StepTimes): StepTimes {
  try {
    return time();
  } finally {
    job.state.dispose();
  }
}

/** Takes steps for a while, at least one and no more than so many. */
function timeMean(job: LongJob, mostSteps: number): number {
  const start = performance.now();
  let steps = 0;
  let seconds = 0;
  while (steps < mostSteps && job.state.step < job.totalSteps && (steps === 0 || seconds < TIMED_SECONDS)) {
    job.takeStep();
    steps += 1;
    seconds = (performance.now() - start) / 1000;
  }
  return seconds / Math.max(1, steps);
}

/** One picture of noise under many names, clean and, for pairs, noisy. */
function drawPhotos(count: number, side: number, channels: 1 | 3): readonly NamedPhoto[] {
  const random = createRandom(0, "timing");
  const data = Float32Array.from({ length: side * side * channels }, () => random.uniform());
  const clean = { width: side, height: side, channels, data };
  return Array.from({ length: count }, (_, index) => ({ name: String(index), clean, noisy: clean }));
}

function openContext(engine: Engine, photos: Partial<Record<PhotoSet, readonly NamedPhoto[]>>): JobContext {
  return {
    engine,
    control: new JobControl(),
    photos: { weights: [], architecture: [], training: [], validation: [], ...photos },
    emit: () => undefined,
    show: () => undefined,
    settle: async () => undefined,
  };
}

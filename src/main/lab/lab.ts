import { rebuildStore } from "#main/store/rebuildStore.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { createComputeQueue } from "./computeQueue.ts";
import { addDataset, listDatasets, verifyDataset } from "./datasets.ts";
import { denoise } from "./denoising.ts";
import { derive } from "./derivations.ts";
import { evaluate } from "./evaluations.ts";
import { createLabContext, type LabContext } from "./labContext.ts";
import { resumeRun } from "./resumeRun.ts";
import { controlRun, findRun, listRuns, readRunEvents, removeRun, waitForRun } from "./runs.ts";
import { startSearch } from "./searches.ts";
import { startTraining } from "./trainings.ts";

export interface LabOptions {
  /** The folder in which the lab keeps everything. */
  readonly home: string;
  /** Gets lines for people: what the engine says, and warnings. */
  readonly log: (line: string) => void;
  /** Another compute process than the lab's own, given by its script. */
  readonly computeEntry?: string;
}

/** Opens the lab; the caller closes it. Neither the database nor the compute process is touched before it is needed. */
export function createLab({ home, log, computeEntry }: LabOptions): Lab {
  const compute = createComputeQueue({ log, ...(computeEntry === undefined ? {} : { entry: computeEntry }) });
  const context = createLabContext(home, log, compute);
  return {
    addDataset: (input) => addDataset(context, input),
    listDatasets: () => listDatasets(context),
    verifyDataset: (name) => verifyDataset(context, name),
    startSearch: (config) => startSearch(context, config),
    startTraining: (config, genotype) => startTraining(context, config, genotype),
    resumeRun: (id) => resumeRun(context, id),
    controlRun: (id, want) => controlRun(context, id, want),
    waitForRun: (id) => waitForRun(context, id),
    subscribe: (id, listener) => subscribe(context, id, listener),
    derive: (id, epoch) => derive(context, id, epoch),
    evaluate: (model, config, outputFolder) => evaluate(context, model, config, outputFolder),
    denoise: (input, onProgress) => denoise(context, input, onProgress),
    listRuns: async () => listRuns(context),
    showRun: (idOrPrefix) => findRun(context, idOrPrefix),
    readRunEvents: (id) => readRunEvents(context, id),
    removeRun: (id) => removeRun(context, id),
    rebuildStore: () => {
      context.closeStore();
      return rebuildStore(home);
    },
    close: () => close(context),
  };
}

function subscribe({ listeners }: LabContext, id: string, listener: (event: RunEvent) => void): () => void {
  const ofRun = listeners.get(id) ?? new Set();
  listeners.set(id, ofRun.add(listener));
  return () => {
    ofRun.delete(listener);
    if (ofRun.size === 0 && listeners.get(id) === ofRun) listeners.delete(id);
  };
}

async function close(context: LabContext): Promise<void> {
  const jobs = [...context.jobs.values()];
  for (const job of jobs) job.setWant("stop", "the lab was closed");
  await Promise.all(jobs.map((job) => job.done));
  await context.compute.close();
  context.closeStore();
}

import { createNanoEvents, type Emitter } from "nanoevents";

import type { Control } from "#main/compute/protocol.ts";
import type { ComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";
import type { Store } from "#main/store/openStore.ts";
import type { EventLine } from "#main/store/runs/eventLog.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

/** A run that this process is at work on. */
export interface RunJob {
  readonly getSummary: () => RunSummary;
  /** Resolves when the run has ended in whatever way; never rejects. */
  readonly done: Promise<RunSummary>;
  setWant(want: Control, reason?: string): void;
}

/** What this process writes down of its runs, told once it is in the run folder. */
export type RunNews = Emitter<{ recorded: (runId: string, line: EventLine) => void }>;

/** Where the index hears of a run at work; there need not be one. */
export interface RunIndexes {
  readonly runs: Pick<Store["runs"], "put">;
  readonly candidates: Pick<Store["candidates"], "replaceFrom">;
  readonly inTransaction: Store["inTransaction"];
}

/** What the work on one run needs; neither other runs nor data sets. */
export interface JobContext {
  readonly log: (line: string) => void;
  /** The process for searches and trainings. */
  readonly runCompute: Pick<ComputeQueue, "use">;
  /** Where photos lie on their way to the compute process. */
  readonly work: Pick<WorkFolder, "newFile">;
  readonly runNews: RunNews;
  getStore(): RunIndexes;
}

/** Creates news that nobody hears yet. */
export function createRunNews(): RunNews {
  return createNanoEvents();
}

/** Tells the events of a run that this process is at work on, as soon as each is written; returns the way to end it. */
export function subscribe(
  { runNews }: Pick<JobContext, "runNews">,
  id: string,
  listener: (event: RunEvent) => void,
): () => void {
  return runNews.on("recorded", (runId, { event }) => {
    if (runId === id) listener(event);
  });
}

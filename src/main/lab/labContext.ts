import { getHomePaths } from "#main/store/labHome.ts";
import { openStore, type Store } from "#main/store/openStore.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import type { ComputeQueue } from "./computeQueue.ts";
import type { RunJob } from "./runJob.ts";

/** What the parts of one lab share. */
export interface LabContext {
  readonly home: string;
  readonly paths: ReturnType<typeof getHomePaths>;
  readonly log: (line: string) => void;
  readonly compute: ComputeQueue;
  /** The runs that this process is at work on, by id. */
  readonly jobs: Map<string, RunJob>;
  /** Who wants to hear of a run, by id. */
  readonly listeners: Map<string, Set<(event: RunEvent) => void>>;
  /** Opens the index on first use, so that a damaged one can still be rebuilt. */
  getStore(): Store;
  /** Closes the index; the next use opens it again. */
  closeStore(): void;
}

/** Makes the context of a lab that keeps everything in `home`. */
export function createLabContext(home: string, log: (line: string) => void, compute: ComputeQueue): LabContext {
  let store: Store | null = null;
  return {
    home,
    paths: getHomePaths(home),
    log,
    compute,
    jobs: new Map(),
    listeners: new Map(),
    getStore: () => (store ??= openStore(home)),
    closeStore: () => {
      store?.close();
      store = null;
    },
  };
}

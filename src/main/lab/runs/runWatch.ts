import type { LabChange } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { listRuns } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/** How often the list of runs is compared with what it was; other processes change it too. */
const POLL_MS = 400;

/** Watches the list of runs while somebody wants to know of changes. */
export interface RunWatch {
  /** Tells of every change from now on; returns the way to end it. */
  watch(listener: (change: LabChange) => void): () => void;
  close(): void;
}

/** Creates a watch that looks at nothing until it has a listener. */
export function createRunWatch(context: RunsContext): RunWatch {
  let known: ReadonlyMap<string, string> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;
  let listeners = 0;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const runs = await listRuns(context);
      if (known !== null) tellChanges(context, known, runs);
      known = toKnown(runs);
    } catch (error) {
      context.log(error instanceof Error ? error.message : String(error));
    } finally {
      isLooking = false;
    }
  };
  const end = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    known = null;
  };
  return {
    watch: (listener) => {
      const stop = context.changes.listen(listener);
      listeners += 1;
      if (timer === null) void look();
      timer ??= setInterval(() => void look(), POLL_MS).unref();
      return () => {
        stop();
        listeners -= 1;
        if (listeners === 0) end();
      };
    },
    close: end,
  };
}

function toKnown(runs: readonly RunSummary[]): ReadonlyMap<string, string> {
  return new Map(runs.map((run) => [run.id, JSON.stringify(run)]));
}

function tellChanges({ changes }: RunsContext, known: ReadonlyMap<string, string>, runs: readonly RunSummary[]): void {
  const now = toKnown(runs);
  for (const run of runs) if (known.get(run.id) !== now.get(run.id)) changes.tell({ kind: "run", run });
  for (const id of known.keys()) if (!now.has(id)) changes.tell({ kind: "run_removed", id });
}

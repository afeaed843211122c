import type { LabChange } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { Task } from "#shared/api/tasks.ts";
import type { Topic, Updates } from "#shared/api/updates.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { thinNews } from "./thinNews.ts";

/**
 * Gathers what a window is to be told and sends it in one message after the other: at most ten a second, and the next only
 * when the last has been answered. What waits is merged, so that a slow window costs no more room than a quick one.
 */
export interface Outbox {
  add(change: LabChange): void;
  addNews(id: string, events: readonly RunEvent[]): void;
  /** Forgets what waits about a run that is no longer followed, or is followed anew. */
  dropNews(id: string): void;
  /** Sends nothing any more. */
  close(): void;
}

const INTERVAL_MS = 100;

/** Creates an empty outbox; `deliver` resolves when the window has answered and rejects when it is gone. */
export function createOutbox(deliver: (updates: Updates) => Promise<void>): Outbox {
  let waiting = createWaiting();
  let isOpen = true;
  let isUnderway = false;
  let timer: NodeJS.Timeout | null = null;
  const schedule = (): void => {
    if (!isOpen || isUnderway || timer !== null) return;
    timer = setTimeout(send, INTERVAL_MS);
  };
  const send = (): void => {
    timer = null;
    isUnderway = true;
    const updates = toUpdates(waiting);
    waiting = createWaiting();
    deliver(updates).then(
      () => {
        isUnderway = false;
        if (!isEmpty(waiting)) schedule();
      },
      () => (isOpen = false),
    );
  };
  return {
    add: (change) => {
      merge(waiting, change);
      schedule();
    },
    addNews: (id, events) => {
      const news = thinNews([...(waiting.news.get(id) ?? []), ...events]);
      if (news.length === 0) return;
      waiting.news.set(id, news);
      schedule();
    },
    dropNews: (id) => void waiting.news.delete(id),
    close: () => {
      isOpen = false;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

interface Waiting {
  readonly runs: Map<string, RunSummary>;
  readonly removedRuns: Set<string>;
  readonly news: Map<string, readonly RunEvent[]>;
  readonly tasks: Map<string, Task>;
  readonly dismissedTasks: Set<string>;
  readonly stale: Set<Topic>;
}

function createWaiting(): Waiting {
  return {
    runs: new Map(),
    removedRuns: new Set(),
    news: new Map(),
    tasks: new Map(),
    dismissedTasks: new Set(),
    stale: new Set(),
  };
}

function isEmpty(waiting: Waiting): boolean {
  return Object.values(waiting).every((part: { readonly size: number }) => part.size === 0);
}

function merge(waiting: Waiting, change: LabChange): void {
  switch (change.kind) {
    case "run":
      waiting.runs.set(change.run.id, change.run);
      return;
    case "run_removed":
      waiting.runs.delete(change.id);
      waiting.removedRuns.add(change.id);
      return;
    case "task":
      waiting.tasks.set(change.task.id, change.task);
      return;
    case "task_dismissed":
      waiting.tasks.delete(change.id);
      waiting.dismissedTasks.add(change.id);
      return;
    case "stale":
      waiting.stale.add(change.topic);
      return;
  }
}

function toUpdates({ runs, removedRuns, news, tasks, dismissedTasks, stale }: Waiting): Updates {
  return {
    runs: [...runs.values()],
    removedRuns: [...removedRuns],
    news: [...news].map(([id, events]) => ({ id, events })),
    tasks: [...tasks.values()],
    dismissedTasks: [...dismissedTasks],
    stale: [...stale],
  };
}

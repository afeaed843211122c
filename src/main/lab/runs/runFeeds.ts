import type { FollowedRun } from "#shared/api/lab.ts";
import type { StepSeries } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import type { LabContext } from "#main/lab/labContext.ts";
import { openRunFeed, type RunFeed } from "./runFeed.ts";
import { findRun } from "./runs.ts";

/** The feeds of the runs that were looked at lately, by id. */
export interface RunFeeds {
  get(id: string, folder: string): RunFeed;
  /** Reads on for followed runs from now on, until `close`. */
  watch(onTrouble: (error: unknown) => void): void;
  close(): void;
}

/** How often a followed run's file is looked at. */
const POLL_MS = 150;
/** Feeds that nobody follows are remembered up to this many. */
const MAX_IDLE = 8;

/** Creates feeds as they are asked for. */
export function createRunFeeds(): RunFeeds {
  const feeds = new Map<string, RunFeed>();
  let timer: NodeJS.Timeout | null = null;
  const poll = (onTrouble: (error: unknown) => void): void => {
    const followed = [...feeds.values()].filter((feed) => feed.hasListeners());
    for (const feed of followed) feed.refresh().catch(onTrouble);
    if (followed.length > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
  return {
    get: (id, folder) => {
      const feed = feeds.get(id) ?? openRunFeed(folder);
      feeds.delete(id);
      feeds.set(id, feed);
      const idle = [...feeds].filter(([other, each]) => other !== id && !each.hasListeners());
      for (const [other] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE))) feeds.delete(other);
      return feed;
    },
    watch: (onTrouble) => {
      timer ??= setInterval(() => poll(onTrouble), POLL_MS).unref();
    },
    close: () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}

/** Gives a run as it is and passes on what happens from then on, without gap and without repetition. Throws LabError. */
export async function followRun(
  context: LabContext,
  id: string,
  points: number,
  listener: (events: readonly RunEvent[]) => void,
): Promise<FollowedRun> {
  const { id: runId, folder } = await findRun(context, id);
  const feed = context.feeds.get(runId, folder);
  await feed.refresh();
  const fixed = await feed.readFixed();
  const run = await findRun(context, runId);
  // Nothing is awaited from here on: what is known and what follows fit together.
  const snapshot = { run, ...fixed, ...feed.getKnown(points) };
  const stop = feed.listen(listener);
  context.feeds.watch((error) => context.log(String(error)));
  return { snapshot, stop };
}

/** Reads a range of a run's steps. Throws LabError. */
export async function readRunSteps(
  context: LabContext,
  query: { readonly id: string; readonly fromStep: number; readonly toStep: number; readonly points: number },
): Promise<StepSeries> {
  const { id, folder } = await findRun(context, query.id);
  const feed = context.feeds.get(id, folder);
  await feed.refresh();
  return feed.getSteps(query.fromStep, query.toStep, query.points);
}

import type { FollowedRun } from "#shared/api/lab.ts";
import type { RunSetup } from "#shared/api/runs.ts";
import type { StepSeries } from "#shared/runs/history/stepColumns.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { openRunFeed, type RunFeed } from "./runFeed.ts";
import { findRun } from "./runs.ts";
import type { RunsContext } from "./runsContext.ts";

/** The feeds of the runs that were looked at lately, by id. They hear at once what this process writes of its runs. */
export interface RunFeeds {
  get(id: string, folder: string): RunFeed;
  /** Reads on for followed runs of other processes from now on, until `close`. */
  watch(): void;
  close(): void;
}

/** What following a run needs of the lab. */
export interface FollowContext extends RunsContext {
  readonly feeds: RunFeeds;
}

/** What feeds hear of runs by: news of this process's own, and which they are. */
interface FeedsContext extends Pick<RunsContext, "runNews" | "log"> {
  readonly here: Pick<RunsContext["here"], "find">;
}

/** How often the file of another process's run is looked at. */
const POLL_MS = 150;
/** Feeds that nobody follows are remembered up to this many. */
const MAX_IDLE = 8;

/** Creates feeds as they are asked for; the caller closes them. */
export function createRunFeeds({ runNews, here, log }: FeedsContext): RunFeeds {
  const feeds = new Map<string, RunFeed>();
  const onTrouble = (error: unknown): void => log(String(error));
  const stopHearing = runNews.on("recorded", (id, line) => void feeds.get(id)?.take(line).catch(onTrouble));
  let timer: NodeJS.Timeout | null = null;
  const stopPolling = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const poll = (): void => {
    const followed = [...feeds].filter(([, feed]) => feed.hasListeners());
    for (const [id, feed] of followed) if (here.find(id) === null) feed.refresh().catch(onTrouble);
    if (followed.length === 0) stopPolling();
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
    watch: () => {
      timer ??= setInterval(poll, POLL_MS).unref();
    },
    close: () => {
      stopPolling();
      stopHearing();
    },
  };
}

/** Gives a run as it is and passes on what happens from then on, without gap and without repetition. Throws LabError. */
export async function followRun(
  context: FollowContext,
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
  const snapshot = { run, ...fixed, history: feed.getHistory(points) };
  const stop = feed.listen(listener);
  context.feeds.watch();
  return { snapshot, stop };
}

/** Reads what was decided before a run began. Throws LabError. */
export async function showRunSetup(context: FollowContext, idOrPrefix: string): Promise<RunSetup> {
  const { id, folder } = await findRun(context, idOrPrefix);
  return (await context.feeds.get(id, folder).readFixed()).setup;
}

/** Reads a range of a run's steps. Throws LabError. */
export async function readRunSteps(
  context: FollowContext,
  query: { readonly id: string; readonly fromStep: number; readonly toStep: number; readonly points: number },
): Promise<StepSeries> {
  const { id, folder } = await findRun(context, query.id);
  const feed = context.feeds.get(id, folder);
  await feed.refresh();
  return feed.getSteps(query.fromStep, query.toStep, query.points);
}

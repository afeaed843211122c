import { getRunPaths } from "#main/store/runs/runFolder.ts";
import { readOpenHandover } from "#main/store/runs/handover.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import {
  countEventBytes,
  lookAtRun,
  noteUnreachable,
  type RunThere,
  type SitesContext,
  submitRun,
} from "./lookAtRun.ts";
import { openSiteExecutor } from "./siteExecutor.ts";
import { readSite } from "./siteFiles.ts";

/** Follows the runs that sites have. */
export interface SiteWatch {
  /** Submits what waits for a site, and asks how its jobs are; calls for a site come one after the other. Never rejects. */
  look(site: string): Promise<void>;
  /** The same for all sites that have runs. */
  lookAtAll(): Promise<void>;
  /** Looks again and again from now on, at each site as often as its profile says, until `close`. */
  watch(): void;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/** While all jobs wait, a site is asked less and less often, down to this. */
const LONGEST_SECONDS = 600;
const GROWTH = 1.5;

/** How many seconds pass before a site is asked again: sites forbid frequent questions. */
export function nextPollSeconds(pollSeconds: number, before: number, isAnyRunning: boolean): number {
  if (isAnyRunning) return pollSeconds;
  return Math.max(pollSeconds, Math.min(before * GROWTH, LONGEST_SECONDS));
}

/** Creates a watch that asks nobody before it is told to; the caller closes it. */
export function createSiteWatch(context: SitesContext): SiteWatch {
  const turns = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const waits = new Map<string, number>();
  let isWatching = false;
  /** Turns that have not begun: whoever wants a look meanwhile gets the same one, for sites forbid frequent questions. */
  const coming = new Map<string, Promise<void>>();
  const look = (site: string): Promise<void> => {
    const known = coming.get(site);
    if (known !== undefined) return known;
    const turn = (turns.get(site) ?? Promise.resolve())
      .then(() => {
        coming.delete(site);
        return lookAtSite(context, site);
      })
      .then((pollSeconds) => {
        if (pollSeconds !== null && isWatching) schedule(site, pollSeconds);
      });
    turns.set(site, turn);
    coming.set(site, turn);
    return turn;
  };
  const schedule = (site: string, pollSeconds: number): void => {
    const there = listRunsThere(context, site);
    clearTimeout(timers.get(site));
    if (there.length === 0) return;
    const isAnyRunning = there.some(({ handover }) => handover.state !== "queued");
    const seconds = nextPollSeconds(pollSeconds, waits.get(site) ?? pollSeconds / GROWTH, isAnyRunning);
    waits.set(site, seconds);
    timers.set(site, setTimeout(() => void look(site), seconds * 1000).unref());
  };
  const lookAtAll = async (): Promise<void> => {
    const sites = new Set(listRunsThere(context, null).map(({ handover }) => handover.site));
    await Promise.all([...sites].map(look));
  };
  return {
    look,
    lookAtAll,
    watch: () => {
      isWatching = true;
      void lookAtAll();
    },
    close: async () => {
      isWatching = false;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(turns.values());
    },
  };
}

/** Lists the runs that a site, or any, has now, oldest first. */
export function listRunsThere({ getStore }: Pick<SitesContext, "getStore">, site: string | null): readonly RunThere[] {
  const active = getStore()
    .runs.list()
    .filter(({ state }) => ACTIVE_STATES.has(state))
    .toReversed();
  return active.flatMap(({ id, folder }) => {
    const handover = readOpenHandover(folder);
    return handover === null || (site !== null && handover.site !== site)
      ? []
      : [{ id, paths: getRunPaths(folder), handover }];
  });
}

/** Returns how often the site wants to be asked; null where it could not be, which is logged. */
async function lookAtSite(context: SitesContext, site: string): Promise<number | null> {
  const there = (): readonly RunThere[] => listRunsThere(context, site);
  try {
    if (there().length === 0) return null;
    const { profile } = await readSite(context.paths.sites, site);
    const executor = openSiteExecutor(site, profile, context.work);
    for (const run of there()) if (run.handover.jobId === null) await submitRun(context, executor, run);
    const asked = await Promise.all(
      there().map(async (run) => ({ run, eventBytes: await countEventBytes(run.paths) })),
    );
    if (asked.length === 0) return profile.pollSeconds;
    const jobs = asked.map(({ run, eventBytes }) => ({ runId: run.id, attempt: run.handover.attempt, eventBytes }));
    const answer = await executor.poll(jobs).catch((error: unknown) => noteUnreachable(context, there(), error));
    if (answer !== null) {
      for (const { run, eventBytes } of asked) await lookAtRun(context, executor, run, answer, eventBytes);
    }
    return profile.pollSeconds;
  } catch (error) {
    context.log(error instanceof Error ? error.message : String(error));
    return null;
  }
}

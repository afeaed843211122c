import type { RunsContext } from "#main/lab/runs/runsContext.ts";
import { readHandover, readOpenHandover, withPlace, writeHandover } from "#main/store/runs/handover.ts";
import type { RunPaths } from "#main/store/runs/runFolder.ts";
import { readRunSummary } from "#main/store/runs/runSummary.ts";
import type { RunSummary } from "#shared/api/runs.ts";

/** What giving a run to a site needs of the lab. */
export interface HandOverContext extends Pick<RunsContext, "getStore"> {
  readonly siteWatch: {
    /** Submits what waits for a site, in the background. */
    look(site: string): Promise<void>;
  };
}

/** Gives a run that nobody owns to a site, which is told in the background. */
export async function handOver(context: HandOverContext, paths: RunPaths, site: string): Promise<RunSummary> {
  await writeHandover(paths.folder, {
    schema: "hinas.handover",
    version: 1,
    site,
    attempt: (readHandover(paths.folder)?.attempt ?? 0) + 1, // none before the first
    jobId: null,
    state: "queued",
    detail: "it is being brought there",
    isOver: false,
    stop: "no",
    timesMissing: 0,
    handedOverAt: new Date().toISOString(),
  });
  const run = await readRunSummary(paths.folder);
  context.getStore().runs.put(run);
  void context.siteWatch.look(site);
  return withPlace(run);
}

/** Asks the site that has a run to stop it; false where no site has it. */
export async function askToStop({ siteWatch }: HandOverContext, folder: string): Promise<boolean> {
  const handover = readOpenHandover(folder);
  if (handover === null) return false;
  if (handover.stop === "no") await writeHandover(folder, { ...handover, stop: "asked" });
  await siteWatch.look(handover.site);
  return true;
}

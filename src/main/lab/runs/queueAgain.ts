import { getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { type ResumeContext, resumeRun } from "./resumeRun.ts";
import { listRuns } from "./runs.ts";

/**
 * Queues the runs again that waited for their turn when the process died that had them, oldest first; what ran at that moment waits for
 * somebody to resume it. What cannot be queued is logged and left as it is; never rejects.
 */
export async function queueAgain(context: ResumeContext): Promise<void> {
  try {
    const runs = await listRuns(context);
    for (const run of runs.toReversed()) if (run.state === "interrupted") await queueRun(context, run);
  } catch (error) {
    context.log(`runs that waited could not be queued again: ${messageOf(error)}`);
  }
}

async function queueRun(context: ResumeContext, { id, name, folder }: RunSummary): Promise<void> {
  try {
    // One that nobody owns and that still claims to wait was never told to end.
    if ((await readStatus(getRunPaths(folder))).state !== "queued") return;
    await resumeRun(context, id, { site: null, mayChangeEngine: false });
    context.log(`run ${id} (${name}) waits for its turn again`);
  } catch (error) {
    context.log(`run ${id} (${name}) could not be queued again: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

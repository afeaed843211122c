import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

/** Takes up a run of the given kind again, by its id or the beginning of it. Throws a LabError for a run of another kind. */
export async function resumeRun(lab: Lab, idOrPrefix: string, kind: RunSummary["kind"]): Promise<RunSummary> {
  const run = await lab.showRun(idOrPrefix);
  if (run.kind === kind) return lab.resumeRun(run.id);
  throw new LabError("bad_config", `${kind}: --resume must name a ${kind} run, got the ${run.kind} run ${run.id}`);
}

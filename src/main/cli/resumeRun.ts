import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";

/** The option by which a run goes on whatever engine computes. */
export const ANY_ENGINE = [
  "--any-engine",
  "resume also where another engine computes than before; the run keeps a note of it",
] as const;

/**
 * Takes up a run of the given kind again, by its id or the beginning of it. Throws a LabError for a run of another kind, and
 * `other_engine`.
 */
export async function resumeRun(
  lab: Lab,
  idOrPrefix: string,
  kind: RunSummary["kind"],
  anyEngine: boolean,
): Promise<RunSummary> {
  const run = await lab.showRun(idOrPrefix);
  if (run.kind === kind) return anyEngine ? lab.resumeRunByAnyEngine(run.id) : lab.resumeRun(run.id);
  throw new LabError("bad_config", `${kind}: --resume must name a ${kind} run, got the ${run.kind} run ${run.id}`);
}

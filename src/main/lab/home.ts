import type { NextStep, Overview } from "#shared/api/home.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { RunState } from "#shared/runs/runEvent.ts";

import type { LabContext } from "./labContext.ts";
import { hasCheckpoint } from "./modelList.ts";
import { listRuns } from "./runs.ts";

const ACTIVE: ReadonlySet<RunState> = new Set(["queued", "preparing", "running", "paused"]);
const MAX_RECENT = 8;

/** Sums up what runs now, what was lately, and what is the next sensible step. */
export async function getOverview(context: LabContext): Promise<Overview> {
  const store = context.getStore();
  const runs = await listRuns(context);
  const models = runs.filter((run) => run.kind === "train" && hasCheckpoint(run));
  const counts = {
    datasets: store.datasets.list().length,
    searches: runs.filter((run) => run.kind === "search").length,
    architectures: store.architectures.list().length,
    models: models.length,
    evaluations: store.evaluations.list().length,
  };
  return {
    active: runs.filter((run) => ACTIVE.has(run.state)).reverse(),
    recent: runs.filter((run) => !ACTIVE.has(run.state)).slice(0, MAX_RECENT),
    tasks: context.tasks.list().filter((task) => task.endedAt === null),
    counts,
    nextStep: findNextStep(context, runs, models),
    load: await context.measureDevice(context.home),
  };
}

/** Follows the work from its end to its beginning: the newest thing that has no successor yet is what to go on with. */
function findNextStep(context: LabContext, runs: readonly RunSummary[], models: readonly RunSummary[]): NextStep {
  const store = context.getStore();
  const active = runs.find((run) => ACTIVE.has(run.state));
  if (active !== undefined) return { kind: "watch", runId: active.id };
  const [newest] = runs;
  if (newest === undefined) return store.datasets.list().length === 0 ? { kind: "try_demo" } : { kind: "search" };
  if (newest.state === "interrupted" || newest.state === "stopped") return { kind: "resume", runId: newest.id };
  const search = runs.find((run) => run.kind === "search" && run.state === "finished");
  if (search !== undefined && search.genotypeHash === null) return { kind: "derive", runId: search.id };
  const untrained = store.architectures
    .list()
    .find(({ hash }) => !runs.some(({ genotypeHash, kind }) => kind === "train" && genotypeHash === hash));
  if (search !== undefined && untrained?.hash === search.genotypeHash && untrained !== undefined)
    return { kind: "train", hash: untrained.hash };
  const [model] = models;
  if (model === undefined)
    return untrained === undefined ? { kind: "search" } : { kind: "train", hash: untrained.hash };
  if (store.evaluations.listOfRun(model.id).length === 0) return { kind: "evaluate", runId: model.id };
  return store.datasets.list().length === 0 ? { kind: "add_photos" } : { kind: "denoise", runId: model.id };
}

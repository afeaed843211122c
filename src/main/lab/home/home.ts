import type { Store } from "#main/store/openStore.ts";
import type { DemoPreset, NextStep, Overview, StepRun } from "#shared/api/home.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { ACTIVE_STATES, type RunState } from "#shared/runs/runEvent.ts";

import { hasNetwork } from "#main/lab/models/modelList.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import type { TaskBoard } from "#main/lab/tasks/tasks.ts";

import type { DeviceMeter } from "./deviceLoad.ts";

/** What is summed up at home. */
export interface HomeContext extends Pick<Lab, "listRuns"> {
  readonly home: string;
  readonly tasks: Pick<TaskBoard, "list">;
  readonly measureDevice: DeviceMeter;
  getStore(): Pick<Store, "datasets" | "architectures" | "evaluations">;
}

const LEFT_OFF: ReadonlySet<RunState> = new Set(["interrupted", "stopped"]);
const MAX_RECENT = 8;

/** Sums up what runs now, what was lately, and what is the next sensible step. */
export async function getOverview(context: HomeContext): Promise<Overview> {
  const store = context.getStore();
  const runs = await context.listRuns();
  const models = runs.filter(hasNetwork);
  const counts = {
    datasets: store.datasets.list().length,
    searches: runs.filter((run) => run.kind === "search").length,
    architectures: store.architectures.list().length,
    models: models.length,
    evaluations: store.evaluations.list().length,
  };
  return {
    active: runs.filter((run) => ACTIVE_STATES.has(run.state)).reverse(),
    recent: runs.filter((run) => !ACTIVE_STATES.has(run.state)).slice(0, MAX_RECENT),
    tasks: context.tasks.list().filter((task) => task.endedAt === null),
    counts,
    nextStep: findNextStep(context, runs, models),
    load: await context.measureDevice(context.home),
  };
}

/** What is at work comes first, then what was left unfinished, then the newest thing that has no successor yet. */
function findNextStep(context: HomeContext, runs: readonly RunSummary[], models: readonly RunSummary[]): NextStep {
  const hasDatasets = context.getStore().datasets.list().length > 0;
  const [newest] = runs;
  if (newest === undefined) return hasDatasets ? { kind: "search" } : { kind: "try_demo" };
  const active = runs.find((run) => ACTIVE_STATES.has(run.state));
  if (active !== undefined) return { kind: "watch", run: toStepRun(active) };
  if (LEFT_OFF.has(newest.state)) return { kind: "resume", run: toStepRun(newest) };
  const search = runs.find((run) => run.kind === "search" && run.state === "finished");
  const [model] = models;
  if (search !== undefined && search.createdAt > (model?.createdAt ?? "")) return goOnFromSearch(search);
  if (model === undefined) return { kind: "search" };
  if (context.getStore().evaluations.listOfRun(model.id).length === 0) return { kind: "evaluate", runId: model.id };
  return hasDatasets ? { kind: "denoise", runId: model.id } : { kind: "add_photos" };
}

function toStepRun({ kind, id }: RunSummary): StepRun {
  return { kind, id };
}

function goOnFromSearch({ id, genotypeHash }: RunSummary): NextStep {
  return genotypeHash === null ? { kind: "derive", runId: id } : { kind: "train", hash: genotypeHash, search: id };
}

/** Chooses the demo's size by the engine that really runs, which is installed first where none is there. Throws LabError. */
export async function chooseDemoPreset(context: TaskComputeContext): Promise<DemoPreset> {
  return useTaskCompute(context, null, {}, async (lease) => {
    const compute = await lease.getCompute();
    const { backend } = await compute.describeEngine();
    // The demo's first job is a run, which has a process of its own.
    await lease.restart();
    return backend === "tensorflow" ? "demo" : "demo-cpu";
  });
}

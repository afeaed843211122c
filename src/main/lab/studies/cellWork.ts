import { setTimeout as sleep } from "node:timers/promises";

import { ulid } from "ulid";

import { derive } from "#main/lab/architectures/derivations.ts";
import { evaluate } from "#main/lab/evaluation/evaluations.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { startSearch, startTraining } from "#main/lab/runs/newRun.ts";
import { resumeRun } from "#main/lab/runs/resumeRun.ts";
import { controlRun, findRun, waitForRun } from "#main/lab/runs/runs.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import { drawControl } from "#shared/studies/drawControl.ts";
import type { CellProgress, StudyCell, StudyPlan } from "#shared/studies/study.ts";

/** How often a run is taken up again whose compute process or node was lost, before the cell counts as failed. */
const MOST_RESUMPTIONS = 3;

/** How often a run at a site is looked at here; the site itself is asked by the watch. */
const WATCH_MS = 500;

/** What ends the work on a cell early and is no failure: the study was paused. */
export class Paused extends Error {}

/** A person stopped a run of the cell. */
export class CellStopped extends Error {}

/** What the work on a cell needs of its study. */
export interface CellContext {
  readonly lab: LabContext;
  readonly plan: StudyPlan;
  /** Where its runs are done; null for this computer. What a site has already stays there. */
  readonly site: string | null;
  /** Rejects with `Paused` once the study is to pause. */
  readonly pausing: Promise<never>;
  readonly isPausing: () => boolean;
  readonly getProgress: (key: string) => CellProgress;
  /** Writes down how far a cell is, before anything is done that must not be done twice. */
  readonly setProgress: (key: string, change: Partial<CellProgress>) => Promise<void>;
  /** The runs that are at work here, so that a pause finds them. */
  readonly children: Set<string>;
}

/**
 * Takes a cell to its end from wherever it is: search, derivation, training, test. Throws `Paused`, `CellStopped`, or an error that says why
 * the cell failed.
 */
export async function workOnCell(context: CellContext, cell: StudyCell): Promise<void> {
  const { getProgress, setProgress, plan } = context;
  await setProgress(cell.key, { state: "running", reason: null });
  const genotype = cell.controlOf === null ? await search(context, cell) : await draw(context, cell, cell.controlOf);
  await setProgress(cell.key, { genotypeHash: genotypeHash(genotype) });
  if (cell.training !== null) {
    const { training } = cell;
    const runId = getProgress(cell.key).trainingId ?? ulid();
    await setProgress(cell.key, { trainingId: runId });
    await settle(context, runId, () =>
      startTraining(context.lab, training, genotype, { site: context.site, membership: { study: plan.id, runId } }),
    );
    if (cell.evaluation !== null && getProgress(cell.key).test === null) {
      const testing = evaluate(context.lab, runId, cell.evaluation, null);
      // A pause does not wait for it, and nobody hears of it then.
      testing.catch(() => undefined);
      const { mean } = await Promise.race([testing, context.pausing]);
      const { psnrDb, ssim } = mean.denoised;
      await setProgress(cell.key, { test: { psnrDb, ssim } });
    }
  }
  await setProgress(cell.key, { state: "finished" });
}

async function search(context: CellContext, cell: StudyCell): Promise<AnyGenotype> {
  const { getProgress, setProgress, plan, lab, site } = context;
  const config = cell.search;
  if (config === null) throw new Error(`study: cell ${cell.key} must have a search`);
  const runId = getProgress(cell.key).searchId ?? ulid();
  await setProgress(cell.key, { searchId: runId });
  await settle(context, runId, () => startSearch(lab, config, { site, membership: { study: plan.id, runId } }));
  return (await derive(lab, runId, null)).genotype;
}

/** Draws the control's architecture at the cost of what the other cell's search found. */
async function draw({ plan, getProgress, lab }: CellContext, cell: StudyCell, partner: string): Promise<AnyGenotype> {
  const { searchId, genotypeHash: found } = getProgress(partner);
  const config = plan.cells.find(({ key }) => key === partner)?.search ?? null;
  if (searchId === null || found === null || config === null || cell.training === null) {
    throw new LabError("not_found", `the search of ${partner} must have found an architecture, got none`);
  }
  return drawControl(config, cell.training, (await derive(lab, searchId, null)).genotype);
}

/** Begins a run, or takes it up where it is, and stays with it until it is finished. */
async function settle(context: CellContext, id: string, start: () => Promise<RunSummary>): Promise<void> {
  const { lab, site } = context;
  for (let resumptions = 0; ; resumptions += 1) {
    throwIfPausing(context);
    const run = await findOwn(lab, id);
    if (run?.state === "finished") return;
    if (run === null) await start();
    else if (!ACTIVE_STATES.has(run.state)) await resumeRun(lab, id, { site, mayChangeEngine: false });
    const ended = await stayWith(context, id);
    if (ended.state === "finished") return;
    throwIfPausing(context);
    const reason = `${ended.kind} ${id} ${ended.state}: ${ended.reason ?? `at step ${ended.step}`}`;
    if (ended.state === "stopped") throw new CellStopped(reason);
    if (ended.state !== "interrupted" || resumptions >= MOST_RESUMPTIONS) {
      throw new LabError(ended.errorKind ?? "interrupted", reason);
    }
  }
}

/** A pause stops what runs here, with a checkpoint; what a site has goes on there and is found again. */
async function stayWith(context: CellContext, id: string): Promise<RunSummary> {
  const { lab, children, isPausing } = context;
  for (;;) {
    const run = await findRun(lab, id);
    if (run.place?.isOver !== false) break;
    throwIfPausing(context);
    await sleep(WATCH_MS);
  }
  children.add(id);
  try {
    // The pause may have come while the run was begun.
    if (isPausing()) await controlRun(lab, id, "stop");
    return await waitForRun(lab, id);
  } finally {
    children.delete(id);
  }
}

async function findOwn(lab: LabContext, id: string): Promise<RunSummary | null> {
  try {
    return await findRun(lab, id);
  } catch (error) {
    if (error instanceof LabError && error.kind === "not_found") return null;
    throw error;
  }
}

function throwIfPausing({ isPausing }: CellContext): void {
  if (isPausing()) throw new Paused();
}

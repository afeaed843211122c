import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { toDiskError } from "#main/files/diskError.ts";
import { describeUnknownDataset } from "#main/lab/datasets/datasets.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { readSite } from "#main/lab/sites/siteFiles.ts";
import { writeJson } from "#main/store/runs/runFolder.ts";
import {
  claimStudy,
  createStudyFolder,
  createStudyStatus,
  getStudyFolder,
  getStudyPaths,
  readStudyPlan,
  readStudyStatus,
  stateOfStudy,
  type StudyStatus,
  whileFree,
  writeStudyControl,
} from "#main/store/studies/studyFolder.ts";
import { moveToTrash } from "#main/store/trash.ts";
import type { CellCounts, StudyDetail, StudyPreview, StudySummary } from "#shared/api/studies.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { addControls, CELL_STATES, type CellProgress, NOT_BEGUN, type StudyPlan } from "#shared/studies/study.ts";
import { HERE, type StudyPlace } from "#shared/studies/studyPlace.ts";

import { checkControl, planStudy } from "./planStudy.ts";
import type { FoundStudy } from "./foundStudy.ts";
import { writeReport } from "./reportFile.ts";
import { startStudyJob } from "./studyJob.ts";
import { estimateStudyTime } from "./studyTime.ts";

/** How often the status of another process's study is looked at. */
const WATCH_MS = 500;

interface StudyText {
  readonly yaml: string;
  readonly place: string;
  readonly withControl: boolean;
  readonly places?: readonly StudyPlace[] | undefined;
}

/** How a study is taken up again. */
interface Resumption {
  readonly id: string;
  readonly retryFailed: boolean;
  /** Undefined leaves them as they were. */
  readonly places?: readonly StudyPlace[] | undefined;
}

/** Says what a study would do, once everything in it is known to be sound. Throws LabError `bad_config`. */
export async function previewStudy(lab: LabContext, text: StudyText): Promise<StudyPreview> {
  const plan = await planChecked(lab, text);
  const { name, ends, arms, seeds, cells } = plan;
  return { name, ends, arms, seeds, cells: cells.length, time: await estimateStudyTime(lab, plan) };
}

/** Lists what a study would read: data sets by name or folder, and networks that trainings begin with. Throws LabError `bad_config`. */
export function listStudySources({ yaml, place, withControl }: StudyText): {
  readonly datasets: readonly string[];
  readonly networks: readonly string[];
} {
  const { cells } = planStudy(yaml, place, withControl);
  const networks = cells.flatMap(({ training }) => training?.training.startFrom ?? []); // most begin with none
  return { datasets: namesOfDatasets(cells), networks: [...new Set(networks)] };
}

function namesOfDatasets(cells: StudyPlan["cells"]): readonly string[] {
  const names = cells.flatMap(
    ({ search, training, evaluation }) =>
      [search, training, evaluation].flatMap((config) => config?.data.dataset ?? []), // a cell may end before
  );
  return [...new Set(names)];
}

/** Starts a study and returns at once. Throws LabError `bad_config` before anything is made. */
export async function startStudy(lab: LabContext, text: StudyText): Promise<StudySummary> {
  const plan = await planChecked(lab, text);
  const status = createStudyStatus(text.places);
  const paths = await createStudyFolder(lab.paths.studies, { plan, source: text.yaml, status });
  lab.getStore().studies.put(plan);
  startStudyJob(lab, { paths, plan, status }, () => writeReport(lab, paths));
  lab.changes.tell({ kind: "stale", topic: "studies" });
  return toSummary({ paths, plan, status });
}

/** Lists all studies, newest first; a folder that cannot be read is passed over with a line in the log. */
export async function listStudies(lab: LabContext): Promise<readonly StudySummary[]> {
  const rows = lab.getStore().studies.list();
  const found = await Promise.all(rows.map(({ id }) => readStudy(lab, id).catch((error: unknown) => String(error))));
  for (const problem of found) if (typeof problem === "string") lab.log(problem);
  return found.flatMap((study) => (typeof study === "string" ? [] : [toSummary(study)]));
}

/** Gives a study with its cells. Throws LabError `not_found`, or `bad_config` where several fit. */
export async function showStudy(lab: LabContext, idOrName: string): Promise<StudyDetail> {
  const study = await findStudy(lab, idOrName);
  const { paths, plan, status } = study;
  const yaml = await readFile(paths.source, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${paths.source}`, cause);
  });
  const cells = plan.cells.map(({ key, arm, seed, controlOf }) => {
    return { key, arm, seed, controlOf, ...progressOf(status, key) };
  });
  return { ...toSummary(study), cells, yaml };
}

/** Tells the process that owns a study to pause. Throws LabError `bad_config` where nobody is at work on it. */
export async function pauseStudy(lab: LabContext, idOrName: string): Promise<void> {
  const { paths, plan, status } = await findStudy(lab, idOrName);
  const state = stateOfStudy(status);
  if (state === "paused") return;
  if (state !== "running") {
    throw new LabError("bad_config", `study ${plan.name} must be running, got ${state}`);
  }
  await writeStudyControl(paths, "pause");
  lab.studyJobs.get(plan.id)?.pause("asked to pause");
}

/** Takes a study up from where it is and returns at once. Throws LabError `busy`, or `bad_config` where nothing is left to do. */
export async function resumeStudy(lab: LabContext, { id, retryFailed, places }: Resumption): Promise<StudySummary> {
  const { paths, plan } = await findStudy(lab, id);
  await checkPlaces(lab, places);
  return takeUp(lab, { paths, plan }, { retryFailed, places });
}

/** Adds random architectures of the same cost to a study that nobody is at work on, and goes on with it. Throws LabError. */
export async function addStudyControl(lab: LabContext, idOrName: string): Promise<StudySummary> {
  const { paths, plan } = await findStudy(lab, idOrName);
  checkControl(plan, `study ${plan.name}`);
  const extended = addControls(plan);
  if (extended.cells.length === plan.cells.length) {
    throw new LabError("bad_config", `study ${plan.name} has random controls of all its arms already`);
  }
  await whileFree(paths, () => writeJson(paths.plan, extended));
  return takeUp(lab, { paths, plan: extended }, { retryFailed: false });
}

/** Moves a study's folder to the trash and forgets the study; its runs stay. Throws LabError `busy` while a process is at it. */
export async function removeStudy(lab: LabContext, idOrName: string): Promise<void> {
  const { paths, plan } = await findStudy(lab, idOrName);
  await whileFree(paths, () => moveToTrash(lab.paths.trash, paths.folder));
  lab.getStore().studies.remove(plan.id);
  lab.changes.tell({ kind: "stale", topic: "studies" });
}

/** Waits until nobody is at work on a study any more and tells how it is then. */
export async function waitForStudy(lab: LabContext, id: string): Promise<StudySummary> {
  await lab.studyJobs.get(id)?.done;
  for (;;) {
    const study = toSummary(await readStudy(lab, id));
    if (study.state !== "running") return study;
    await sleep(WATCH_MS);
  }
}

/** Finds a study by its id, the beginning of it, or its name. Throws LabError `not_found`, or `bad_config` where several fit. */
export async function findStudy(lab: LabContext, idOrName: string): Promise<FoundStudy> {
  const rows = lab.getStore().studies.list();
  const wanted = idOrName.trim().toLowerCase();
  const prefix = wanted.replace(/^study-/, "").toUpperCase();
  const begun = prefix === "" ? [] : rows.filter(({ id }) => id.startsWith(prefix));
  const found = begun.length > 0 ? begun : rows.filter(({ name }) => name.toLowerCase() === wanted);
  if (found.length === 0) {
    const what = `no study is named "${idOrName}", and none begins so; \`hinas studies ls\` lists all`;
    throw new LabError("not_found", what);
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(" and ");
    throw new LabError("bad_config", `"${idOrName}" must be one study, got ${ids}`);
  }
  return readStudy(lab, at(found, 0, "studies").id);
}

async function readStudy(lab: LabContext, id: string): Promise<FoundStudy> {
  const paths = getStudyPaths(getStudyFolder(lab.paths.studies, id));
  return { paths, plan: await readStudyPlan(paths), status: await readStudyStatus(paths) };
}

async function planChecked(lab: LabContext, { yaml, place, withControl, places }: StudyText): Promise<StudyPlan> {
  const plan = planStudy(yaml, place, withControl);
  await checkPlaces(lab, places);
  for (const dataset of namesOfDatasets(plan.cells)) {
    const problem = await describeUnknownDataset(lab, dataset);
    if (problem !== null) throw new LabError("bad_config", `config: ${place}: ${problem}`);
  }
  return plan;
}

async function checkPlaces({ paths }: LabContext, places: readonly StudyPlace[] = HERE): Promise<void> {
  for (const { site } of places) if (site !== null) await readSite(paths.sites, site);
}

async function takeUp(
  lab: LabContext,
  { paths, plan }: Pick<FoundStudy, "paths" | "plan">,
  { retryFailed, places }: Omit<Resumption, "id">,
): Promise<StudySummary> {
  const isLeft = ({ state }: CellProgress): boolean => state !== "finished" && (retryFailed || state !== "failed");
  const before = await readStudyStatus(paths);
  if (!plan.cells.some(({ key }) => isLeft(progressOf(before, key)))) {
    const failed = countCells(plan, before).failed;
    const hint = failed === 0 ? "" : `; \`hinas studies resume --retry-failed\` tries the ${failed} that failed again`;
    throw new LabError("bad_config", `study ${plan.name} has nothing left to do${hint}`);
  }
  const claimed = await claimStudy(paths);
  await writeStudyControl(paths, "run");
  const cells = Object.entries(claimed.cells).map(([key, progress]): readonly [string, CellProgress] => {
    return [key, isLeft(progress) ? { ...progress, state: "waiting", reason: null } : progress];
  });
  const status: StudyStatus = { ...claimed, cells: Object.fromEntries(cells), places: places ?? claimed.places };
  startStudyJob(lab, { paths, plan, status }, () => writeReport(lab, paths));
  lab.changes.tell({ kind: "stale", topic: "studies" });
  return toSummary({ paths, plan, status });
}

function progressOf({ cells }: StudyStatus, key: string): CellProgress {
  return cells[key] ?? NOT_BEGUN; // absent until its turn
}

function toSummary({ paths, plan, status }: FoundStudy): StudySummary {
  const { id, name, note, createdAt, ends, arms, seeds } = plan;
  const state = stateOfStudy(status);
  const reason = state === "interrupted" ? "the process that was at it ended" : status.reason;
  const counts = countCells(plan, status);
  const { places } = status;
  return { id, name, note, createdAt, folder: paths.folder, state, reason, ends, arms, seeds, counts, places };
}

function countCells(plan: StudyPlan, status: StudyStatus): CellCounts {
  const states = plan.cells.map(({ key }) => progressOf(status, key).state);
  const count = (wanted: CellProgress["state"]): number => states.filter((state) => state === wanted).length;
  return Object.fromEntries(CELL_STATES.map((state) => [state, count(state)])) as CellCounts;
}

import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { toDiskError } from "#main/files/diskError.ts";
import { examineProcess, getOwnIdentity, getOwnerTag, isFresh } from "#main/files/processIdentity.ts";
import { processIdentitySchema } from "#main/files/processIdentity.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { makeFolder, syncFolder } from "#main/files/syncFolder.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { withRunLock } from "#main/store/runs/claimRun.ts";
import { writeJson } from "#main/store/runs/runFolder.ts";
import { LabError } from "#shared/labError.ts";
import { cellProgressesSchema, type StudyPlan, studyPlanSchema, type StudyState } from "#shared/studies/study.ts";
import { HERE, type StudyPlace, studyPlacesSchema } from "#shared/studies/studyPlace.ts";

/** Where each file of a study lies. */
export interface StudyPaths {
  readonly folder: string;
  /** As its author wrote it. */
  readonly source: string;
  readonly plan: string;
  readonly status: string;
  readonly control: string;
  /** What the study found, as a page; written when it ends. */
  readonly report: string;
}

/** status.json: how the study is doing; replaced as a whole by the process that owns the study, and by no other. */
const studyStatusSchema = z.object({
  schema: z.literal("hinas.study-status"),
  version: z.literal(1),
  state: z.enum(["running", "paused", "finished"]),
  reason: z.string().nullable(),
  /** Counts how often the study was taken up: who finds another number than its own has lost it. */
  ownershipEpoch: z.int().min(0),
  owner: processIdentitySchema.nullable(),
  heartbeatAt: z.iso.datetime(),
  cells: cellProgressesSchema,
  /** Where its cells are worked on. */
  places: studyPlacesSchema.default(HERE),
});
export type StudyStatus = Readonly<z.infer<typeof studyStatusSchema>>;

/** control.json: written by any process, read by the owner. */
const controlSchema = z.object({ want: z.enum(["run", "pause"]), at: z.iso.datetime() });

/** The name of a study's folder. */
export const STUDY_FOLDER = /^study-([0-9A-Z]+)$/;

/** Names the files of a study folder. */
export function getStudyPaths(folder: string): StudyPaths {
  return {
    folder,
    source: join(folder, "study.yaml"),
    plan: join(folder, "study.json"),
    status: join(folder, "status.json"),
    control: join(folder, "control.json"),
    report: join(folder, "report.html"),
  };
}

/** Names the folder of a study. */
export function getStudyFolder(studiesFolder: string, id: string): string {
  return join(studiesFolder, `study-${id}`);
}

/** Makes the status of a study that this process begins. */
export function createStudyStatus(places: readonly StudyPlace[] = HERE): StudyStatus {
  return {
    schema: "hinas.study-status",
    version: 1,
    state: "running",
    reason: null,
    ownershipEpoch: 1,
    owner: getOwnIdentity(),
    heartbeatAt: new Date().toISOString(),
    cells: {},
    places,
  };
}

/** Creates `study-<id>`; it appears under its name only when it is complete. Throws LabError `disk` or `permission`. */
export async function createStudyFolder(
  studiesFolder: string,
  { plan, source, status }: { readonly plan: StudyPlan; readonly source: string; readonly status: StudyStatus },
): Promise<StudyPaths> {
  const final = getStudyFolder(studiesFolder, plan.id);
  const unfinished = join(studiesFolder, `.new-${plan.id}-${getOwnerTag()}`);
  const paths = getStudyPaths(unfinished);
  try {
    await makeFolder(studiesFolder);
    await mkdir(unfinished);
    await writeFileAtomically(paths.source, source);
    await writeJson(paths.plan, plan);
    await writeJson(paths.status, status);
    await rename(unfinished, final);
    await syncFolder(studiesFolder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw toDiskError(`create ${final}`, cause);
  }
  return getStudyPaths(final);
}

/** Reads what was decided before the study began. Throws LabError `not_found` or `bad_data`. */
export function readStudyPlan({ plan }: StudyPaths): Promise<StudyPlan> {
  return readJsonFile(plan, studyPlanSchema);
}

/** Reads how the study is doing. Throws LabError `not_found` or `bad_data`. */
export function readStudyStatus({ status }: StudyPaths): Promise<StudyStatus> {
  return readJsonFile(status, studyStatusSchema);
}

/** Leaves an order for the owner of a study. */
export function writeStudyControl({ control }: StudyPaths, want: "run" | "pause"): Promise<void> {
  return writeJson(control, { want, at: new Date().toISOString() });
}

/** Reads what people want of a study; `run` where nobody has said anything. */
export async function readStudyControl({ control }: StudyPaths): Promise<"run" | "pause"> {
  try {
    return (await readJsonFile(control, controlSchema)).want;
  } catch (error) {
    if (error instanceof LabError && error.kind === "not_found") return "run";
    throw error;
  }
}

/** Tells whether a study is in the hands of a process that lives, as far as one can see. */
export function isStudyOwned({ state, owner, heartbeatAt }: StudyStatus): boolean {
  if (state !== "running" || owner === null) return false;
  const vitality = examineProcess(owner);
  return vitality === "unsure" ? isFresh(heartbeatAt) : vitality === "alive";
}

/** The state of a study as it is: one that claims to be at work but whose owner is gone is *interrupted*. */
export function stateOfStudy(status: StudyStatus): StudyState {
  return status.state === "running" && !isStudyOwned(status) ? "interrupted" : status.state;
}

/**
 * Makes this process the owner of a study that has none and returns its new status. Of several processes that try at once exactly one
 * succeeds; the others get LabError `busy`.
 */
export async function claimStudy(paths: StudyPaths): Promise<StudyStatus> {
  return whileFree(paths, async (status) => {
    const owner = getOwnIdentity();
    const claim = { state: "running", reason: null, owner, heartbeatAt: new Date().toISOString() } as const;
    const claimed = { ...status, ...claim, ownershipEpoch: status.ownershipEpoch + 1 };
    await writeJson(paths.status, claimed);
    return claimed;
  });
}

/** Does something with a study that nobody is at work on, and keeps others from taking it up meanwhile. Throws LabError `busy`. */
export async function whileFree<T>(paths: StudyPaths, act: (status: StudyStatus) => Promise<T>): Promise<T> {
  return withRunLock(paths, async () => {
    const status = await readStudyStatus(paths);
    if (isStudyOwned(status)) {
      const { pid, host } = status.owner ?? getOwnIdentity();
      throw new LabError("busy", `study ${paths.folder}: process ${pid} on ${host} is at it`);
    }
    return act(status);
  });
}

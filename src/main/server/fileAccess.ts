import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { isInside } from "#main/files/innerPath.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import type { ProcedureName } from "#shared/api/contract.ts";
import type { DenoiseRequest, RedenoiseWish } from "#shared/api/denoising.ts";
import type { FineTuningWish } from "#shared/api/noise.ts";
import type { TonightWish } from "#shared/api/studies.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";

/** What the arguments of a question name, as the door has checked them. */
type NamesOf = Partial<Readonly<Record<ProcedureName, (args: readonly unknown[]) => readonly string[]>>>;

/** Photos and folders that are read. */
const INPUTS_OF: NamesOf = {
  startDenoise: ([request]) => (request as DenoiseRequest).inputs.filter((input) => typeof input === "string"),
  fitCamera: ([wish]) => (wish as { readonly files: readonly string[] }).files,
  importBundle: ([wish]) => [(wish as { readonly file: string }).file],
  importModel: ([wish]) => [(wish as { readonly file: string }).file],
  suggestModel: ([wish]) => [(wish as { readonly photo: unknown }).photo].filter((photo) => typeof photo === "string"),
};

/** Files and folders that are written. */
const OUTPUTS_OF: NamesOf = {
  startDenoise: ([request]) => {
    const { output } = request as DenoiseRequest;
    return output.kind === "folder" && output.folder !== null ? [output.folder] : [];
  },
  saveDenoised: ([wish]) => [(wish as { readonly file: string }).file],
  exportModel: ([wish]) => [(wish as { readonly file: string }).file],
};

/** Folders that are looked into, and those that are to become data sets. */
const PLACES_OF: NamesOf = {
  browseFolder: ([path]) => (path === null ? [] : [path as string]),
  importDataset: ([wish]) => listFolders(wish),
  relocateDataset: ([, folders]) => listFolders(folders),
};

/** Questions that name a model: a training run or one with a card, never a file. */
const MODELS_OF: NamesOf = {
  startTraining: ([config]) => {
    const { startFrom } = (config as TrainConfig).training;
    return startFrom === null ? [] : [startFrom];
  },
  startTrainingAt: ([, config]) => {
    const { startFrom } = (config as TrainConfig).training;
    return startFrom === null ? [] : [startFrom];
  },
  planFineTuning: ([wish]) => [(wish as FineTuningWish).model],
  startDenoise: ([request]) => (request as DenoiseRequest).models,
  startEvaluation: ([wish]) => [(wish as { readonly model: string }).model],
  previewDenoised: ([wish]) => nameWished(wish),
  redenoise: ([wish]) => nameWished(wish),
  showModel: ([model]) => [model as string],
  exportModel: ([wish]) => [(wish as { readonly model: string }).model],
};

/** Questions that name a data set: a registered one, never a folder. */
const DATASETS_OF: NamesOf = {
  startSearch: ([config]) => [nameDataset(config)],
  startTraining: ([config]) => [nameDataset(config)],
  startSearchAt: ([, config]) => [nameDataset(config)],
  startTrainingAt: ([, config]) => [nameDataset(config)],
  estimateCost: ([job]) => nameJobDataset(job),
  timeJob: ([job]) => nameJobDataset(job),
  planFineTuning: ([wish]) => [(wish as FineTuningWish).dataset],
  previewTonight: ([wish]) => nameTonightSets(wish),
  startTonight: ([wish]) => nameTonightSets(wish),
  startEvaluation: ([wish]) => (wish as { readonly configs: readonly unknown[] }).configs.map(nameDataset),
};

/**
 * Keeps windows from afar to the files that the lab has to do with: its home, the registered data sets and the files that
 * were uploaded. New data sets and folders to denoise must lie in the roots, which are all that is looked into. Links are followed before they are
 * judged, and nothing is overwritten. Throws LabError `permission`.
 */
export function createFileGuard(
  lab: Lab,
  uploads: string,
  roots: readonly string[],
): (name: ProcedureName, args: readonly unknown[]) => Promise<void> {
  return async (name, args) => {
    checkModels(MODELS_OF[name]?.(args) ?? []);
    if (name === "startStudy" || name === "previewStudy") await checkStudy(lab, args[0]);
    // A profile names commands that other computers carry out.
    if (name === "putSite")
      throw new LabError("permission", "from a browser sites cannot be changed; `hinas sites add` can");
    if (name === "saveDenoised") checkSaving(args[0] as { readonly file: string; readonly overwrite: boolean });
    await checkDatasets(lab, DATASETS_OF[name]?.(args) ?? []);
    await checkPlaces(lab, PLACES_OF[name]?.(args) ?? [], roots);
    const inputs = INPUTS_OF[name]?.(args) ?? [];
    const paths = [...inputs, ...(OUTPUTS_OF[name]?.(args) ?? [])];
    if (paths.length === 0) return;
    // Photos to denoise may lie wherever windows may look for some.
    const open = [uploads, ...(await lab.listOpenFolders()), ...(name === "startDenoise" ? roots : [])];
    const check = async (path: string): Promise<void> => {
      if (await isInside(path, open)) return;
      throw new LabError(
        "permission",
        name === "startDenoise"
          ? `${path} must lie in ${roots.join(" or ")}, or in a data set; \`hinas serve --photos FOLDER\` opens another`
          : `${path} must lie in the lab's home or in a registered data set: a browser sees no other files`,
      );
    };
    for (const path of paths) await check(path);
    for (const input of inputs) for (const link of await listLinks(input)) await check(link);
  };
}

function nameWished(wish: unknown): readonly string[] {
  const { model } = wish as RedenoiseWish;
  return model === null ? [] : [model];
}

function nameDataset(config: unknown): string {
  return (config as Pick<SearchConfig, "data">).data.dataset;
}

function nameTonightSets(wish: unknown): readonly string[] {
  const { dataset, testDataset } = wish as TonightWish;
  return [dataset, testDataset];
}

/** Settings that are not sound yet may name none. */
function nameJobDataset(job: unknown): readonly string[] {
  const { settings } = job as { readonly settings: { readonly data?: { readonly dataset?: unknown } } | null };
  const name = settings?.data?.dataset;
  return typeof name === "string" ? [name] : [];
}

function listFolders(wish: unknown): readonly string[] {
  const { folder, noisyFolder } = wish as { readonly folder: string; readonly noisyFolder: string | null };
  return noisyFolder === null ? [folder] : [folder, noisyFolder];
}

async function checkPlaces(lab: Lab, places: readonly string[], roots: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  const open = [...roots, ...(await lab.listOpenFolders())];
  for (const place of places) {
    if (await isInside(place, open)) continue;
    const advice = "`hinas serve --photos FOLDER` opens another";
    throw new LabError("permission", `${place} must lie in ${roots.join(" or ")}; ${advice}`);
  }
}

function checkModels(models: readonly string[]): void {
  const file = models.find((model) => /[/\\]/.test(model));
  if (file === undefined) return;
  throw new LabError("permission", `from a browser a network must be named, not given as the file ${file}`);
}

/** What a study reads stands in its text. */
async function checkStudy(lab: Lab, text: unknown): Promise<void> {
  const { datasets, networks } = await lab.listStudySources(text as Parameters<Lab["listStudySources"]>[0]);
  checkModels(networks);
  await checkDatasets(lab, datasets);
}

async function checkDatasets(lab: Lab, datasets: readonly string[]): Promise<void> {
  if (datasets.length === 0) return;
  const known = await lab.listDatasetNames();
  const unknown = datasets.find((dataset) => !known.includes(dataset));
  if (unknown === undefined) return;
  throw new LabError("permission", `data.dataset must be one of ${known.join(", ")}, got ${unknown}`);
}

function checkSaving({ file, overwrite }: { readonly file: string; readonly overwrite: boolean }): void {
  if (overwrite) throw new LabError("permission", "from a browser no file is overwritten: choose another name");
  if (hasPhotoExtension(file)) return;
  throw new LabError("permission", `${file} must end as a photo does, e.g. .png or .jpg`);
}

/** Lists the links in a folder, however deep; none where the path is a photo or is not there. */
async function listLinks(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  } catch (cause) {
    if (["ENOTDIR", "ENOENT"].includes(getErrorCode(cause) ?? "")) return [];
    throw toDiskError(`look into ${path}`, cause);
  }
}

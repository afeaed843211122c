import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { isInside } from "#main/files/innerPath.ts";
import { hasPhotoExtension } from "#main/photos/photoFormat.ts";
import type { ProcedureName } from "#shared/api/contract.ts";
import type { DenoiseRequest, RedenoiseWish } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

/** What the arguments of a question name, as the door has checked them. */
type NamesOf = Partial<Readonly<Record<ProcedureName, (args: readonly unknown[]) => readonly string[]>>>;

/** Photos and folders that are read. */
const INPUTS_OF: NamesOf = {
  startDenoise: ([request]) => (request as DenoiseRequest).inputs.filter((input) => typeof input === "string"),
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
  startEvaluation: ([wish]) => (wish as { readonly configs: readonly unknown[] }).configs.map(nameDataset),
};

/**
 * Keeps windows from afar to the files that the lab has to do with: its home, the registered data sets and the files that
 * were uploaded. New data sets must lie in the roots, which are all that is looked into. Links are followed before they are
 * judged, and nothing is overwritten. Throws LabError `permission`.
 */
export function createFileGuard(
  lab: Lab,
  uploads: string,
  roots: readonly string[],
): (name: ProcedureName, args: readonly unknown[]) => Promise<void> {
  return async (name, args) => {
    for (const model of MODELS_OF[name]?.(args) ?? []) {
      if (/[/\\]/.test(model)) throw new LabError("permission", `${name}: a model must be a run, got ${model}`);
    }
    if (name === "saveDenoised") checkSaving(args[0] as { readonly file: string; readonly overwrite: boolean });
    await checkDatasets(lab, name, DATASETS_OF[name]?.(args) ?? []);
    await checkPlaces(lab, name, PLACES_OF[name]?.(args) ?? [], roots);
    const inputs = INPUTS_OF[name]?.(args) ?? [];
    const paths = [...inputs, ...(OUTPUTS_OF[name]?.(args) ?? [])];
    if (paths.length === 0) return;
    const open = [uploads, ...(await lab.listOpenFolders())];
    const check = async (path: string): Promise<void> => {
      if (await isInside(path, open)) return;
      throw new LabError("permission", `${name}: ${path} must lie in the lab's home or in a registered data set`);
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

function listFolders(wish: unknown): readonly string[] {
  const { folder, noisyFolder } = wish as { readonly folder: string; readonly noisyFolder: string | null };
  return noisyFolder === null ? [folder] : [folder, noisyFolder];
}

async function checkPlaces(
  lab: Lab,
  name: ProcedureName,
  places: readonly string[],
  roots: readonly string[],
): Promise<void> {
  if (places.length === 0) return;
  const open = [...roots, ...(await lab.listOpenFolders())];
  for (const place of places) {
    if (await isInside(place, open)) continue;
    const advice = "`hinas serve --photos FOLDER` opens another";
    throw new LabError("permission", `${name}: ${place} must lie in ${roots.join(" or ")}; ${advice}`);
  }
}

async function checkDatasets(lab: Lab, name: ProcedureName, datasets: readonly string[]): Promise<void> {
  if (datasets.length === 0) return;
  const known = await lab.listDatasetNames();
  const unknown = datasets.find((dataset) => !known.includes(dataset));
  if (unknown === undefined) return;
  throw new LabError("permission", `${name}: data.dataset must be one of ${known.join(", ")}, got ${unknown}`);
}

function checkSaving({ file, overwrite }: { readonly file: string; readonly overwrite: boolean }): void {
  if (overwrite) throw new LabError("permission", "saveDenoised: from a browser no file is overwritten");
  if (hasPhotoExtension(file)) return;
  throw new LabError("permission", `saveDenoised: file must be a photo by its name, got ${file}`);
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

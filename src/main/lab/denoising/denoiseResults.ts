import { existsSync } from "node:fs";
import { basename, extname } from "node:path";

import { isInside } from "#main/files/innerPath.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import { checkFree } from "#main/photos/encodePhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { extensionOf, hasPhotoExtension } from "#main/photos/photoFormat.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { isResult } from "#main/photos/resultName.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { DenoisedFileWish, DenoiseItem } from "#shared/api/denoising.ts";
import type { LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

import { type DatasetsOfStore, listFolders } from "#main/lab/datasets/datasets.ts";

import type { KeptPixels, KeptPreview, TaskItem } from "./denoiseItems.ts";
import { type DenoisedContext, getItems } from "./denoiseTasks.ts";
import { openTaskPhoto, type TaskPhoto } from "./taskPhotos.ts";

/** What results are had as files with. */
export interface ResultsContext extends DenoisedContext, DatasetsOfStore {
  readonly photos: PhotoReader;
}

/** Lists a page of a task's items as they are now. Throws LabError `not_found`. */
export function listDenoiseItems(
  context: DenoisedContext,
  { task, offset, limit }: { readonly task: string; readonly offset: number; readonly limit: number },
): { readonly total: number; readonly items: readonly DenoiseItem[] } {
  const items = getItems(context, task);
  return { total: items.length, items: items.slice(offset, offset + limit).map(({ facts }) => facts) };
}

/** Returns what a task keeps of an item to look at. Throws LabError `not_found`. */
export function getKeptPixels(context: DenoisedContext, task: string, index: number): KeptPixels {
  return getKept(context, task, index).pixels;
}

/** Returns the part of an item that was denoised anew as this revision. Throws LabError `not_found`. */
export function getKeptPreview(context: DenoisedContext, task: string, index: number, revision: number): KeptPreview {
  const preview = getItems(context, task)[index]?.preview ?? null;
  if (preview?.revision === revision) return preview;
  throw new LabError("not_found", `denoise: item ${index} of task ${task} has no preview ${revision}`);
}

/** Makes a file of a result: blended with what went in, in the wished format and depth, with the source's profile and notes. */
export async function renderDenoised(context: ResultsContext, wish: DenoisedFileWish): Promise<LabFile> {
  const { photo, pixels, mark } = getKept(context, wish.task, wish.item);
  const { strength, bitDepth } = wish;
  return keepRoom(async () => {
    const { photo: picture, ...notes } = await openTaskPhoto(context, photo);
    const source = { ...notes, channels: picture.channels };
    const format = wish.format ?? source.format;
    const made = await inThread("encodeResult", source, pixels, { strength, format, bitDepth });
    const name = `${basename(photo.name, extname(photo.name))}_hinas-${mark}${extensionOf(format)}`;
    return { ...made, type: `image/${format}`, name, shape: null };
  });
}

/** Writes a result into a file; only photos that the lab does not work from are ever replaced. Throws LabError `bad_config`. */
export async function saveDenoised(
  context: ResultsContext,
  { file, overwrite, ...wish }: DenoisedFileWish & { readonly file: string; readonly overwrite: boolean },
): Promise<string> {
  if (overwrite) await checkReplaceable(context, wish.task, file);
  else await checkFree(file);
  const write = overwrite ? writeFileAtomically : writeNewFile;
  await write(file, (await renderDenoised(context, wish)).bytes);
  return file;
}

/** Throws LabError `bad_config` for a file that must stay as it is: no photo, a source, or a photo of a data set. */
async function checkReplaceable(context: ResultsContext, task: string, file: string): Promise<void> {
  const refuse = (is: string) => new LabError("bad_config", `save: ${file} is ${is}; choose another name`);
  if (!existsSync(file)) return;
  if (!hasPhotoExtension(file)) throw refuse("no photo by its name");
  const sources = getItems(context, task).flatMap(({ photo: { source } }) =>
    source.kind === "file" ? [source.cleanFile] : [],
  );
  if (await isInside(file, sources)) throw refuse("the source");
  if (!isResult(file) && (await isInside(file, listFolders(context)))) throw refuse("a photo of a data set");
}

function getKept(
  context: DenoisedContext,
  task: string,
  index: number,
): { readonly photo: TaskPhoto; readonly pixels: KeptPixels; readonly mark: string } {
  const item: TaskItem | undefined = getItems(context, task)[index];
  if (item === undefined) throw new LabError("not_found", `denoise: task ${task} has no item ${index}`);
  const { photo, pixels, model } = item;
  if (pixels === null || model === null)
    throw new LabError("not_found", `denoise: item ${index} of task ${task} has no result to look at`);
  return { photo, pixels, mark: model.mark };
}

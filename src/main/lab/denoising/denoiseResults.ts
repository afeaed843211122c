import { existsSync } from "node:fs";
import { basename, extname } from "node:path";

import { isInside } from "#main/files/innerPath.ts";
import { countBytes } from "#main/files/pixelFile.ts";
import { makeThumbnail, readPhotoShape } from "#main/photos/decodePhoto.ts";
import { checkFree } from "#main/photos/encodePhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { extensionOf, hasPhotoExtension, type PhotoFormat } from "#main/photos/photoFormat.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import { isResult } from "#main/photos/resultName.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { TaggedBytes } from "#main/photos/threads/viewing.ts";
import type { DenoisedFileWish, DenoiseItem, SavedFile } from "#shared/api/denoising.ts";
import type { LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";

import { type DatasetsOfStore, listFolders } from "#main/lab/datasets/datasets.ts";

import { hashModel } from "#main/lab/models/models.ts";

import type { KeptInput, KeptPixels, KeptPreview, TaskItem } from "./denoiseItems.ts";
import { type DenoisedContext, getItems } from "./denoiseTasks.ts";
import { nameModel } from "./denoising.ts";
import { type ResultFileContext, withResultFile } from "./resultFile.ts";
import { type StartContext, startItem } from "./startItem.ts";
import type { TaskModel } from "./taskModels.ts";
import { openWritten, type WrittenContext } from "./writtenResults.ts";
import { readTaskNotes, type TaskPhoto } from "./taskPhotos.ts";

/** What results are had as files with. */
export interface ResultsContext extends DenoisedContext, DatasetsOfStore, ResultFileContext {
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

/** Returns what there is of an item to look at: kept, or read from the file that was written. Throws LabError. */
export function openPixels(
  context: DenoisedContext & WrittenContext,
  task: string,
  index: number,
): Promise<KeptPixels> {
  const item = getItem(context, task, index);
  if (item.pixels === null && item.facts.isFile) return openWritten(context, task, item);
  return Promise.resolve(getKept(context, task, index).pixels);
}

/** Makes a small picture of a result in a file; null where it is kept to look at, or not there. Throws LabError. */
export async function showWritten(
  context: DenoisedContext,
  { task, item: index }: { readonly task: string; readonly item: number },
  maxSidePx: number,
): Promise<TaggedBytes | null> {
  const { output } = getItem(context, task, index).facts;
  return output === null ? null : makeThumbnail(output, maxSidePx);
}

/** Returns the part of an item that was denoised anew as this revision. Throws LabError `not_found`. */
export function getKeptPreview(context: DenoisedContext, task: string, index: number, revision: number): KeptPreview {
  const { preview, facts } = getItem(context, task, index);
  if (preview?.revision === revision) return preview;
  throw new LabError("not_found", `a newer part of ${facts.name} took the place of this one`);
}

/** Returns an item's photo as its network gets it, also before it is denoised. Throws LabError. */
export async function openKeptInput(
  context: DenoisedContext & StartContext & WrittenContext,
  task: string,
  index: number,
): Promise<KeptInput> {
  const item = getItem(context, task, index);
  if (item.pixels !== null) return item.pixels;
  if (item.facts.isFile) return openWritten(context, task, item);
  return (await startItem(context, getItems(context, task), item)).kept;
}

/** Reads the size of an item's photo from the head of its file. Throws LabError. */
export async function measureDenoiseItem(
  context: DenoisedContext & { readonly photos: PhotoReader },
  { task, item: index }: { readonly task: string; readonly item: number },
): Promise<{ readonly width: number; readonly height: number }> {
  const { photo, facts } = getItem(context, task, index);
  if (facts.width !== null && facts.height !== null) return { width: facts.width, height: facts.height };
  const { source } = photo;
  const { width, height } =
    source.kind === "file" ? await readPhotoShape(source.cleanFile) : await context.photos.drawSample(source.index);
  return { width, height };
}

/** Makes a small picture of an item's photo as it came: at once, also before anything is done with it. Throws LabError. */
export async function showSource(
  context: DenoisedContext & { readonly photos: PhotoReader },
  { task, item: index }: { readonly task: string; readonly item: number },
  maxSidePx: number,
): Promise<TaggedBytes> {
  const { source } = getItem(context, task, index).photo;
  if (source.kind === "file") return makeThumbnail(source.cleanFile, maxSidePx);
  return inThread("renderPicture", await context.photos.drawSample(source.index), { maxSidePx, encoding: "png" }, null);
}

/** Makes a file of a result: blended with what went in, in the wished format and depth, with the source's profile and notes. */
export async function renderDenoised(context: ResultsContext, wish: DenoisedFileWish): Promise<LabFile> {
  const { photo, model } = getKept(context, wish.task, wish.item);
  return makeDenoised(context, wish, async (result, format, note) => {
    const { bytes, tag } = await inThread("readTagged", result);
    const name = `${basename(photo.name, extname(photo.name))}_hinas-${model.mark}${extensionOf(format)}`;
    return { bytes, tag, type: `image/${format}`, name, shape: null, ...(note === null ? {} : { note }) };
  });
}

/** Makes the file of a result and does something with it before it is removed. */
async function makeDenoised<T>(
  context: ResultsContext,
  { task, item, ...wish }: DenoisedFileWish,
  take: (file: string, format: PhotoFormat, note: string | null) => Promise<T>,
): Promise<T> {
  const { photo, pixels, model, sigma255 } = getKept(context, task, item);
  return keepRoom(async () => {
    await takeRoom(countBytes(pixels.output));
    const notes = await readTaskNotes(context, photo);
    const file = photo.source.kind === "file" ? photo.source.cleanFile : null;
    const mark = { model: nameModel(model), hash: await hashModel(model), strength: wish.strength, sigma255 };
    const parts = { source: { file, notes }, pixels, wish, mark };
    return withResultFile(context, parts, (result, note) => take(result, wish.format ?? notes.format, note));
  });
}

/** Writes a result into a file; only photos that the lab does not work from are ever replaced. Throws LabError `bad_config`. */
export async function saveDenoised(
  context: ResultsContext,
  { file, overwrite, ...wish }: DenoisedFileWish & { readonly file: string; readonly overwrite: boolean },
): Promise<SavedFile> {
  if (overwrite) await checkReplaceable(context, wish.task, file);
  else await checkFree(file);
  const note = await makeDenoised(context, wish, async (result, _format, missing) => {
    await inThread("copyWhole", result, file, overwrite);
    return missing;
  });
  return { file, note };
}

/** Throws LabError `bad_config` for a file that must stay as it is: no photo, a source, or a photo of a data set. */
async function checkReplaceable(context: ResultsContext, task: string, file: string): Promise<void> {
  const refuse = (is: string) => new LabError("bad_config", `${file} is ${is}; choose another name`);
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
): {
  readonly photo: TaskPhoto;
  readonly pixels: KeptPixels;
  readonly model: TaskModel;
  readonly sigma255: number | null;
} {
  const { photo, pixels, model, facts } = getItem(context, task, index);
  if (pixels === null || model === null) throw new LabError("not_found", `${facts.name} has no result to look at`);
  return { photo, pixels, model, sigma255: facts.sigma255 ?? facts.estimatedSigma255 };
}

function getItem(context: DenoisedContext, task: string, index: number): TaskItem {
  const item: TaskItem | undefined = getItems(context, task)[index];
  if (item === undefined) throw new LabError("not_found", `this session has no result ${index + 1}`);
  return item;
}

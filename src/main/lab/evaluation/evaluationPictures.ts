import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import { later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import { getRunPaths, type RunPaths, writeJson } from "#main/store/runs/runFolder.ts";
import { getEvaluationStem } from "#main/store/runs/runProducts.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { type EvaluationConfig, evaluationConfigSchema } from "#shared/runs/config.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

import type { PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { addNoiseTo } from "#main/lab/datasets/noise.ts";

/** An evaluation and where its owner's folder is. */
interface MeasuredPhotos {
  readonly id: string;
  readonly owner: { readonly folder: string };
  readonly evaluation: Evaluation;
}

/** Where the pictures of an evaluation lie, with the settings from which the noisy ones can be made again. */
function getPicturePaths(paths: RunPaths, id: string) {
  const folder = getEvaluationStem(paths, id);
  return {
    folder,
    config: join(folder, "config.json"),
    getFile: (index: number) => join(folder, `${String(index).padStart(4, "0")}.png`),
  };
}

/** Makes the folder for the pictures of an evaluation. Throws LabError `disk` or `permission`. */
export async function createPictureFolder(paths: RunPaths, id: string, config: EvaluationConfig): Promise<void> {
  const { folder, config: file } = getPicturePaths(paths, id);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${folder}`, cause);
  });
  await writeJson(file, config);
}

/** Keeps a denoised picture with 16 bits. */
export async function writeEvaluationPicture(
  paths: RunPaths,
  id: string,
  index: number,
  photo: OrLater<Photo>,
): Promise<void> {
  const source = { photo, alpha: null, bitDepth: 16, format: "png", icc: null, exif: null, xmp: null } as const;
  const file = getPicturePaths(paths, id).getFile(index);
  await encodePhoto(source, { file, format: null, bitDepth: null, overwrite: true });
}

/** Tells whether an evaluation's pictures were kept. */
export function hasPictures(runFolder: string, id: string): boolean {
  return existsSync(getPicturePaths(getRunPaths(runFolder), id).config);
}

/** Opens one picture of an evaluation, inside of `keepRoom`; the noisy one is made again. Throws LabError `not_found` where none were kept. */
export async function loadEvaluationPicture(
  context: PhotosContext,
  { id, owner, evaluation }: MeasuredPhotos,
  image: string,
  side: "clean" | "noisy" | "denoised",
): Promise<OrLater<Photo>> {
  const index = evaluation.images.findIndex(({ name }) => name === image);
  if (index === -1) throw new LabError("not_found", `evaluation ${id}: no picture is named ${image}`);
  const { config: file, getFile } = getPicturePaths(getRunPaths(owner.folder), id);
  if (side === "denoised") return partOf((await context.photos.open(getFile(index))).decoded, "photo");
  const { data, noise, noiseSeed, protocol } = await readJsonFile(file, evaluationConfigSchema);
  const channels = evaluation.recipe.channels === "grey" ? 1 : 3;
  const pair = await addNoiseTo(context, { dataset: data.dataset, photo: image, channels, noise, seed: noiseSeed });
  if (side === "clean") return pair.clean;
  if (protocol === "whole_image") return pair.noisy;
  return later("drawWhole", { name: image, clean: pair.clean }, { noise, protocol, noiseSeed });
}

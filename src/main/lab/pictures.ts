import { basename, join } from "node:path";

import { type PixelFile, readPixels } from "#main/files/pixelFile.ts";
import { encodePng } from "#main/photos/encodePng.ts";
import { makeThumbnail } from "#main/photos/makeThumbnail.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { Store } from "#main/store/openStore.ts";
import type { Lab, LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { PictureRef } from "#shared/api/pictures.ts";
import { blend } from "#shared/image/blend.ts";
import { crop, type Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { resize } from "#shared/image/resize.ts";

import { checkInside, findDatasetPhoto, loadPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { addNoiseTo, drawTrainingPatch, type NoisyPair } from "#main/lab/datasets/noise.ts";
import { getKeptPixels, getKeptPreview, toLabFile } from "#main/lab/denoising/denoiseResults.ts";
import type { DenoisedContext } from "#main/lab/denoising/denoiseTasks.ts";
import { type EvaluationListContext, findEvaluation } from "#main/lab/evaluation/evaluationList.ts";
import { loadEvaluationPicture } from "#main/lab/evaluation/evaluationPictures.ts";

/** What pictures of all kinds are made with. */
export interface PictureContext
  extends
    DenoisedContext,
    Pick<Lab, "showRun">,
    Omit<PhotosContext, "getStore">,
    Omit<EvaluationListContext, "getStore" | "log"> {
  getStore(): Pick<Store, "datasets" | "evaluations" | "runs">;
}

/** Thumbnails up to this side are made without decoding the whole photo. */
const THUMBNAIL_PX = 512;

/** Makes the picture that a reference names. Throws LabError `not_found`, `bad_config` for a region outside, or as loading does. */
export async function readPicture(context: PictureContext, ref: PictureRef): Promise<LabFile> {
  const key = JSON.stringify(ref);
  if (ref.kind === "photo") return readPhoto(context, ref);
  if (ref.kind === "denoise") return render(await readDenoised(context, ref), withoutRegion(ref), key);
  return render(await load(context, ref), ref, key);
}

/** A part is read from the file alone, for the file holds every value. */
async function readDenoised(context: PictureContext, ref: Extract<PictureRef, { kind: "denoise" }>): Promise<Photo> {
  if (ref.view === "preview") return readPreview(context, ref);
  const kept = getKeptPixels(context, ref.task, ref.item);
  const read = (pixels: PixelFile | null): Promise<Photo> => {
    if (pixels === null) throw new LabError("not_found", "picture: no noise was added, so there is no clean photo");
    return readPixels(pixels, toArea(pixels, ref.region));
  };
  // What is kept is not clipped; what is shown is the result as it would be saved.
  const readResult = async () => blend(await read(kept.input), await read(kept.output), ref.strength);
  if (ref.view === "error") return toErrorMap(await readResult(), await read(kept.clean), ref.gain);
  return ref.view === "output" ? readResult() : read(kept[ref.view]);
}

/** The part as it would be saved; one that a newer one took the place of is not there any more. */
async function readPreview(
  context: PictureContext,
  { task, item, revision, strength }: Extract<PictureRef, { kind: "denoise" }>,
): Promise<Photo> {
  const preview = getKeptPreview(context, task, item, revision);
  const { width, height } = preview.output;
  const output = await readPixels(preview.output, { x: 0, y: 0, width, height });
  return blend(await readPixels(preview.input, preview.area), output, strength);
}

async function load(context: PictureContext, ref: Exclude<PictureRef, { kind: "denoise" | "photo" }>): Promise<Photo> {
  switch (ref.kind) {
    case "noise":
      return view(await addNoiseTo(context, ref), ref);
    case "patch":
      return view(await drawTrainingPatch(context, ref), ref);
    case "run": {
      const { folder } = await context.showRun(ref.run);
      if (ref.image !== basename(ref.image)) throw new LabError("permission", `picture: ${ref.image} is no file name`);
      return (await context.photos.decode(join(getRunPaths(folder).images, ref.image))).photo;
    }
    case "evaluation": {
      const found = await findEvaluation(context, ref.evaluation);
      const read = (side: "clean" | "noisy" | "denoised") => loadEvaluationPicture(context, found, ref.image, side);
      if (ref.view !== "error") return read(ref.view);
      return toErrorMap(await read("denoised"), await read("clean"), ref.gain);
    }
  }
}

function view(
  { clean, noisy }: NoisyPair,
  wish: { readonly view: "clean" | "noisy" | "difference"; readonly gain: number },
): Photo {
  if (wish.view === "clean") return clean;
  return wish.view === "noisy" ? noisy : toErrorMap(noisy, clean, wish.gain);
}

async function readPhoto(context: PictureContext, ref: Extract<PictureRef, { kind: "photo" }>): Promise<LabFile> {
  const photo = await findDatasetPhoto(context, ref.dataset, ref.photo);
  const { source } = photo;
  const file = source.kind === "sample" ? null : ref.side === "clean" ? source.cleanFile : source.noisyFile;
  const isThumbnail = ref.region === undefined && ref.encoding === "png" && (ref.maxSidePx ?? Infinity) <= THUMBNAIL_PX;
  if (file !== null && isThumbnail && ref.maxSidePx !== undefined) {
    await checkInside(context, ref.dataset, file);
    return toLabFile(await makeThumbnail(file, ref.maxSidePx), "image/png", `${basename(ref.photo)}.png`);
  }
  return render(await loadPhoto(context, ref.dataset, photo, ref.side), ref, ref.photo);
}

type Viewing = Pick<PictureRef, "region" | "maxSidePx" | "encoding">;

function withoutRegion({ maxSidePx, encoding }: PictureRef): Viewing {
  return { maxSidePx, encoding };
}

async function render(photo: Photo, { region, maxSidePx, encoding }: Viewing, name: string): Promise<LabFile> {
  const part = region === undefined ? photo : crop(photo, toArea(photo, region));
  if (encoding === "png")
    return toLabFile(await encodePng(part, maxSidePx ?? null), "image/png", `${basename(name)}.png`);
  const { width, height, channels, data } = maxSidePx === undefined ? part : fit(part, maxSidePx);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return toLabFile(bytes, "application/octet-stream", `${basename(name)}.f32`, [height, width, channels]);
}

function fit(photo: Photo, maxSidePx: number): Photo {
  const scale = maxSidePx / Math.max(photo.width, photo.height);
  if (scale >= 1) return photo;
  return resize(photo, Math.max(1, Math.round(photo.width * scale)), Math.max(1, Math.round(photo.height * scale)));
}

function toArea({ width, height }: Pick<Photo, "width" | "height">, region: Rectangle | undefined): Rectangle {
  if (region === undefined) return { x: 0, y: 0, width, height };
  if (region.x + region.width <= width && region.y + region.height <= height) return region;
  const got = `${region.width}x${region.height} at (${region.x}, ${region.y})`;
  throw new LabError("bad_config", `picture: region must lie inside ${width}x${height}, got ${got}`);
}

/** Middle grey where nothing differs. */
function toErrorMap(picture: Photo, clean: Photo, gain: number): Photo {
  return { ...picture, data: picture.data.map((value, i) => 0.5 + (gain * (value - (clean.data[i] ?? NaN))) / 2) };
}

import { basename, join } from "node:path";

import { countBytes } from "#main/files/pixelFile.ts";
import { makeThumbnail } from "#main/photos/decodePhoto.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type TaggedBytes, toArea, type Viewing } from "#main/photos/threads/viewing.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { Store } from "#main/store/openStore.ts";
import type { Lab, LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { PictureRef } from "#shared/api/pictures.ts";
import type { Photo } from "#shared/image/photo.ts";

import { checkInside, findDatasetPhoto, loadPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { addNoiseTo, drawTrainingPatch, type NoisyPair } from "#main/lab/datasets/noise.ts";
import { getKeptPixels, getKeptPreview } from "#main/lab/denoising/denoiseResults.ts";
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

const BYTES_PER_VALUE = 4;
/** Thumbnails up to this side are made without decoding the whole photo. */
const THUMBNAIL_PX = 512;

/** Makes the picture that a reference names. Throws LabError `not_found`, `bad_config` for a region outside, or as loading does. */
export function readPicture(context: PictureContext, ref: PictureRef): Promise<LabFile> {
  const key = JSON.stringify(ref);
  return keepRoom(async () => {
    if (ref.kind === "photo") return readPhoto(context, ref);
    if (ref.kind === "denoise") return render(await readDenoised(context, ref), withoutRegion(ref), key);
    return render(await load(context, ref), ref, key);
  });
}

/** A part is read from the file alone, for the file holds every value. */
async function readDenoised(context: PictureContext, ref: Extract<PictureRef, { kind: "denoise" }>): Promise<Photo> {
  if (ref.view === "preview") return readPreview(context, ref);
  const { input, output, clean } = getKeptPixels(context, ref.task, ref.item);
  const area = toArea(output, ref.region);
  await takeRoom(area.width * area.height * output.channels * BYTES_PER_VALUE * (ref.view === "error" ? 3 : 1));
  const readClean = (): Promise<Photo> => {
    if (clean === null) throw new LabError("not_found", "picture: no noise was added, so there is no clean photo");
    return inThread("readPixels", clean, area);
  };
  // What is kept is not clipped; what is shown is the result as it would be saved.
  const readResult = () => inThread("blendPixels", input, output, area, ref.strength);
  switch (ref.view) {
    case "clean":
      return readClean();
    case "input":
      return inThread("readPixels", input, area);
    case "output":
      return readResult();
    case "error":
      return inThread("toErrorMap", await readResult(), await readClean(), ref.gain);
  }
}

/** The part as it would be saved; one that a newer one took the place of is not there any more. */
async function readPreview(
  context: PictureContext,
  { task, item, revision, strength }: Extract<PictureRef, { kind: "denoise" }>,
): Promise<Photo> {
  const { input, output, area } = getKeptPreview(context, task, item, revision);
  await takeRoom(countBytes(output));
  return inThread("blendPixels", input, output, area, strength, { ...area, x: 0, y: 0 });
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
      return inThread("toErrorMap", await read("denoised"), await read("clean"), ref.gain);
    }
  }
}

async function view(
  { clean, noisy }: NoisyPair,
  wish: { readonly view: "clean" | "noisy" | "difference"; readonly gain: number },
): Promise<Photo> {
  if (wish.view === "clean") return clean;
  return wish.view === "noisy" ? noisy : inThread("toErrorMap", noisy, clean, wish.gain);
}

async function readPhoto(context: PictureContext, ref: Extract<PictureRef, { kind: "photo" }>): Promise<LabFile> {
  const photo = await findDatasetPhoto(context, ref.dataset, ref.photo);
  const { source } = photo;
  const file = source.kind === "sample" ? null : ref.side === "clean" ? source.cleanFile : source.noisyFile;
  const isThumbnail = ref.region === undefined && ref.encoding === "png" && (ref.maxSidePx ?? Infinity) <= THUMBNAIL_PX;
  if (file !== null && isThumbnail && ref.maxSidePx !== undefined) {
    await checkInside(context, ref.dataset, file);
    return toPng(await makeThumbnail(file, ref.maxSidePx), ref.photo);
  }
  return render(await loadPhoto(context, ref.dataset, photo, ref.side), ref, ref.photo);
}

function withoutRegion({ maxSidePx, encoding }: PictureRef): Viewing {
  return { maxSidePx, encoding };
}

async function render(photo: Photo, viewing: Viewing, name: string): Promise<LabFile> {
  const { region, maxSidePx, encoding } = viewing;
  const { shape, ...made } = await inThread("renderPicture", photo, { region, maxSidePx, encoding });
  if (encoding === "png") return toPng(made, name);
  return { ...made, type: "application/octet-stream", name: `${basename(name)}.f32`, shape };
}

function toPng(made: TaggedBytes, name: string): LabFile {
  return { ...made, type: "image/png", name: `${basename(name)}.png`, shape: null };
}

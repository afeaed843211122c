import { basename, join } from "node:path";

import { countBytes } from "#main/files/pixelFile.ts";
import { makeThumbnail } from "#main/photos/decodePhoto.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type Later, later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import { type TaggedBytes, toArea, type Viewing } from "#main/photos/threads/viewing.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { Store } from "#main/store/openStore.ts";
import type { Lab, LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { PictureRef } from "#shared/api/pictures.ts";
import type { Photo } from "#shared/image/photo.ts";

import { checkInside, findDatasetPhoto, loadPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";
import { addNoiseTo, drawTrainingPatch, type NoisyPair } from "#main/lab/datasets/noise.ts";
import {
  getKeptPreview,
  openKeptInput,
  openPixels,
  showSource,
  showWritten,
} from "#main/lab/denoising/denoiseResults.ts";
import type { DenoisedContext } from "#main/lab/denoising/denoiseTasks.ts";
import type { StartContext } from "#main/lab/denoising/startItem.ts";
import type { WrittenContext } from "#main/lab/denoising/writtenResults.ts";
import { type EvaluationListContext, findEvaluation } from "#main/lab/evaluation/evaluationList.ts";
import { animateSearch } from "#main/lab/runs/animateSearch.ts";
import { loadEvaluationPicture } from "#main/lab/evaluation/evaluationPictures.ts";

/** What pictures of all kinds are made with. */
export interface PictureContext
  extends
    DenoisedContext,
    Omit<StartContext, "getStore">,
    WrittenContext,
    Pick<Lab, "showRun">,
    Omit<PhotosContext, "getStore">,
    Omit<EvaluationListContext, "getStore" | "log"> {
  getStore(): Pick<Store, "datasets" | "evaluations" | "preferences" | "runs">;
}

const BYTES_PER_VALUE = 4;
/** Thumbnails up to this side are made without decoding the whole photo. */
const THUMBNAIL_PX = 512;
/** What a screen shows of a whole photo. */
const SCREEN_PX = 2048;

/** Makes the picture that a reference names. Throws LabError `not_found`, `bad_config` for a region outside, or as loading does. */
export function readPicture(context: PictureContext, ref: PictureRef): Promise<LabFile> {
  const key = JSON.stringify(ref);
  return keepRoom(async () => {
    if (ref.kind === "animation") return animateSearch(await context.showRun(ref.run), ref);
    if (ref.kind === "photo") return readPhoto(context, ref);
    if (ref.kind === "denoise" && ref.view === "source") {
      return toPng(await showSource(context, ref, ref.maxSidePx ?? SCREEN_PX), key);
    }
    if (ref.kind === "denoise" && ref.view === "output" && isThumbnail(ref)) {
      const small = await showWritten(context, ref, ref.maxSidePx ?? THUMBNAIL_PX);
      if (small !== null) return toPng(small, key);
    }
    if (ref.kind === "denoise") {
      const { photo, channels } = await readDenoised(context, ref);
      return render(photo, withoutRegion(ref), key, await findProfile(context, ref, channels));
    }
    return render(await load(context, ref), ref, key);
  });
}

/** What is shown of a photo. */
interface Shown {
  readonly photo: Later<Photo>;
  readonly channels: 1 | 3;
}

/** A part is read from the file alone, for the file holds every value. */
async function readDenoised(context: PictureContext, ref: Extract<PictureRef, { kind: "denoise" }>): Promise<Shown> {
  if (ref.view === "preview") return readPreview(context, ref);
  if (ref.view === "input") return readInput(context, ref);
  const { input, output, clean } = await openPixels(context, ref.task, ref.item);
  const area = toArea(output, ref.region);
  await takeRoom(area.width * area.height * output.channels * BYTES_PER_VALUE * (ref.view === "error" ? 3 : 1));
  const readClean = (): Later<Photo> => {
    if (clean === null) throw new LabError("not_found", "no noise was added, so there is no clean photo");
    return later("readPixels", clean, area);
  };
  // What is kept is not clipped; what is shown is the result as it would be saved.
  const readResult = () => later("blendPixels", input, output, area, ref.strength);
  const { channels } = output;
  switch (ref.view) {
    case "source":
      throw new Error("picture: a photo as it came is made from its file");
    case "clean":
      return { photo: readClean(), channels };
    case "output":
      return { photo: readResult(), channels };
    case "error":
      return { photo: later("toErrorMap", readResult(), readClean(), ref.gain), channels };
  }
}

/** Also of a photo that is not denoised yet. */
async function readInput(context: PictureContext, ref: Extract<PictureRef, { kind: "denoise" }>): Promise<Shown> {
  const { input } = await openKeptInput(context, ref.task, ref.item);
  const area = toArea(input, ref.region);
  await takeRoom(area.width * area.height * input.channels * BYTES_PER_VALUE);
  return { photo: later("readPixels", input, area), channels: input.channels };
}

/** The profile by which what is shown of a result is seen as the saved file is; figures, as error maps are, have none. */
async function findProfile(
  context: PictureContext,
  { task, item, view: shown, revision }: Extract<PictureRef, { kind: "denoise" }>,
  channels: 1 | 3,
): Promise<Uint8Array | null> {
  if (shown === "error") return null;
  const kept =
    shown === "preview" ? getKeptPreview(context, task, item, revision) : await openKeptInput(context, task, item);
  return kept.channels === channels ? kept.icc : null;
}

/** The part as it would be saved; one that a newer one took the place of is not there any more. */
async function readPreview(
  context: PictureContext,
  { task, item, revision, strength }: Extract<PictureRef, { kind: "denoise" }>,
): Promise<Shown> {
  const { input, output, area, share } = getKeptPreview(context, task, item, revision);
  await takeRoom(countBytes(output));
  const photo = later("blendPixels", input, output, area, share * strength, { ...area, x: 0, y: 0 });
  return { photo, channels: output.channels };
}

async function load(
  context: PictureContext,
  ref: Exclude<PictureRef, { kind: "denoise" | "photo" | "animation" }>,
): Promise<OrLater<Photo>> {
  switch (ref.kind) {
    case "noise":
      return view(await addNoiseTo(context, ref), ref);
    case "patch":
      return view(await drawTrainingPatch(context, ref), ref);
    case "run": {
      const { folder } = await context.showRun(ref.run);
      if (ref.image !== basename(ref.image)) throw new LabError("permission", `${ref.image} is no file name`);
      const { decoded } = await context.photos.open(join(getRunPaths(folder).images, ref.image));
      return partOf(decoded, "photo");
    }
    case "evaluation": {
      const found = await findEvaluation(context, ref.evaluation);
      const read = (side: "clean" | "noisy" | "denoised") => loadEvaluationPicture(context, found, ref.image, side);
      if (ref.view !== "error") return read(ref.view);
      return later("toErrorMap", await read("denoised"), await read("clean"), ref.gain);
    }
  }
}

function view(
  { clean, noisy }: NoisyPair,
  wish: { readonly view: "clean" | "noisy" | "difference"; readonly gain: number },
): OrLater<Photo> {
  if (wish.view === "clean") return clean;
  return wish.view === "noisy" ? noisy : later("toErrorMap", noisy, clean, wish.gain);
}

async function readPhoto(context: PictureContext, ref: Extract<PictureRef, { kind: "photo" }>): Promise<LabFile> {
  const photo = await findDatasetPhoto(context, ref.dataset, ref.photo);
  const { source } = photo;
  const file = source.kind === "sample" ? null : ref.side === "clean" ? source.cleanFile : source.noisyFile;
  if (file !== null && isThumbnail(ref) && ref.maxSidePx !== undefined) {
    await checkInside(context, ref.dataset, file);
    return toPng(await makeThumbnail(file, ref.maxSidePx), ref.photo);
  }
  if (file === null) return render(await loadPhoto(context, ref.dataset, photo, ref.side), ref, ref.photo);
  await checkInside(context, ref.dataset, file);
  const { decoded } = await context.photos.open(file);
  return render(partOf(decoded, "photo"), ref, ref.photo, partOf(decoded, "icc"));
}

function isThumbnail({ region, encoding, maxSidePx = Infinity }: Viewing): boolean {
  return region === undefined && encoding === "png" && maxSidePx <= THUMBNAIL_PX;
}

function withoutRegion({ maxSidePx, encoding }: Extract<PictureRef, { kind: "denoise" }>): Viewing {
  return { maxSidePx, encoding };
}

async function render(
  photo: OrLater<Photo>,
  viewing: Viewing,
  name: string,
  icc: OrLater<Uint8Array | null> = null,
): Promise<LabFile> {
  const { region, maxSidePx, encoding } = viewing;
  const { shape, ...made } = await inThread("renderPicture", photo, { region, maxSidePx, encoding }, icc);
  if (encoding === "png") return toPng(made, name);
  return { ...made, type: "application/octet-stream", name: `${basename(name)}.f32`, shape };
}

function toPng(made: TaggedBytes, name: string): LabFile {
  return { ...made, type: "image/png", name: `${basename(name)}.png`, shape: null };
}

import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { makeTogether } from "#main/photos/threads/inThread.ts";
import { later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import type { KeptModel } from "#main/store/cards/modelFolders.ts";
import type { SuggestedModel } from "#shared/api/models.ts";
import { chooseModel, listMisfits, type PhotoFacts } from "#shared/runs/chooseModel.ts";

import { findDatasetPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";

import { toKeptModel } from "./modelList.ts";
import { listKept, type ModelContext } from "./models.ts";

/** Fainter noise does not show what it is like: texture and JPEG are as strong. */
const FAINT_255 = 2;

type Photo = string | { readonly dataset: string; readonly photo: string };

/** Chooses the model with a card that fits a photo best, and says why; null where there are none. Throws LabError. */
export async function suggestModel(
  context: PhotosContext & Pick<ModelContext, "models" | "log">,
  photo: Photo,
  sigma255: number | null,
): Promise<SuggestedModel | null> {
  const facts = await keepRoom(() => readFacts(context, photo, sigma255));
  const choice = chooseKept(await listKept(context), facts);
  if (choice === null) return null;
  const { kept, why } = choice;
  return { model: toKeptModel(kept), why, misfits: listMisfits(kept.card, facts) };
}

/** Chooses among models with cards as `chooseModel` does; null where there are none. */
export function chooseKept(
  known: readonly KeptModel[],
  facts: PhotoFacts,
): { readonly kept: KeptModel; readonly why: string } | null {
  const choice = chooseModel(
    known.map(({ card }) => card),
    facts,
  );
  const kept = known.find(({ card }) => card === choice?.card);
  return choice === null || kept === undefined ? null : { kept, why: choice.why };
}

/** Describes a photo as models are chosen by it; what is not said of its noise is estimated. */
export async function describePhoto(
  decoded: OrLater<Pick<DecodedPhoto, "photo" | "exif" | "format">>,
  sigma255: number | null,
): Promise<PhotoFacts> {
  const photo = partOf(decoded, "photo");
  const { channels, width, height, exif, format, estimate } = await makeTogether({
    channels: partOf(photo, "channels"),
    width: partOf(photo, "width"),
    height: partOf(photo, "height"),
    exif: partOf(decoded, "exif"),
    format: partOf(decoded, "format"),
    estimate: sigma255 === null ? later("estimateNoise", photo) : null,
  });
  const facts = { channels, megapixels: (width * height) / 1e6 };
  if (estimate === null) return { ...facts, sigma255: sigma255 ?? NaN, isSigmaGiven: true, hasCameraNoise: false };
  // Cameras write JPEG, and say in any format that they are cameras.
  const isFromCamera = format === "jpeg" || exif !== null;
  const hasCameraNoise = estimate.sigma255 < FAINT_255 ? isFromCamera : !estimate.isWhite;
  return { ...facts, sigma255: estimate.sigma255, isSigmaGiven: false, hasCameraNoise };
}

async function readFacts(context: PhotosContext, photo: Photo, sigma255: number | null): Promise<PhotoFacts> {
  if (typeof photo === "string") return describePhoto((await context.photos.open(photo)).decoded, sigma255);
  const { source } = await findDatasetPhoto(context, photo.dataset, photo.photo);
  if (source.kind === "file") return describePhoto((await context.photos.open(source.cleanFile)).decoded, sigma255);
  return describePhoto({ photo: await context.photos.drawSample(source.index), exif: null, format: "png" }, sigma255);
}

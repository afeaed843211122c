import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { KeptModel } from "#main/store/cards/modelFolders.ts";
import type { SuggestedModel } from "#shared/api/models.ts";
import { chooseModel, listMisfits, type PhotoFacts } from "#shared/runs/chooseModel.ts";

import { findDatasetPhoto, type PhotosContext } from "#main/lab/datasets/datasetPhotos.ts";

import { toKeptModel } from "./modelList.ts";
import { listKept, type ModelContext } from "./models.ts";

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
  { photo, exif, format }: Pick<DecodedPhoto, "photo" | "exif" | "format">,
  sigma255: number | null,
): Promise<PhotoFacts> {
  return {
    channels: photo.channels,
    megapixels: (photo.width * photo.height) / 1e6,
    sigma255: sigma255 ?? (await inThread("estimateSigma255", photo)),
    isSigmaGiven: sigma255 !== null,
    // Cameras write JPEG, and say in any format that they are cameras.
    isFromCamera: sigma255 === null && (format === "jpeg" || exif !== null),
  };
}

async function readFacts(context: PhotosContext, photo: Photo, sigma255: number | null): Promise<PhotoFacts> {
  if (typeof photo === "string") return describePhoto(await context.photos.decode(photo), sigma255);
  const { source } = await findDatasetPhoto(context, photo.dataset, photo.photo);
  if (source.kind === "file") return describePhoto(await context.photos.decode(source.cleanFile), sigma255);
  return describePhoto({ photo: await context.photos.drawSample(source.index), exif: null, format: "png" }, sigma255);
}

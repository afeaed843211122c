import type { OpenedNetwork } from "#main/compute/protocol.ts";
import type { OpenedPhoto } from "#main/photos/openedPhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { makeTogether } from "#main/photos/threads/inThread.ts";
import { later, partOf } from "#main/photos/threads/later.ts";
import type { DenoiseRequest } from "#shared/api/denoising.ts";
import { listMisfits, type PhotoFacts } from "#shared/runs/chooseModel.ts";
import { LabError } from "#shared/labError.ts";

import {
  describeTrained,
  findModel,
  type FoundModel,
  hashModel,
  listKept,
  type ModelContext,
} from "#main/lab/models/models.ts";
import { chooseKept, describePhoto } from "#main/lab/models/suggestModel.ts";

import { markOf, prepareInput } from "./denoisePhoto.ts";
import { openTaskPhoto, type TaskPhoto } from "./taskPhotos.ts";

/** A trained network by which photos of a task are denoised. */
export interface TaskModel extends FoundModel {
  /** As requests name it. */
  readonly name: string;
  /** What results bear in their names. */
  readonly mark: string;
  /** Why it was taken, where the lab chose it. */
  readonly why: string | null;
}

/** What the lab chooses models with. */
export interface ChoiceContext extends Pick<ModelContext, "models" | "log"> {
  readonly photos: PhotoReader;
}

/** What is known of the noise of a task's photos. */
type NoiseWish = Pick<DenoiseRequest, "addNoise" | "noiseSeed" | "sigma255">;

/** What can be done where no model is there to choose. */
export const NO_MODEL =
  "no model came with the program or was imported, so none can be chosen. Name a training (`hinas denoise RUN PHOTO`; " +
  "`hinas runs ls` lists them), take in a model's file (`hinas models import FILE`), or make one in minutes (`hinas demo`)";

/** Finds a model that a request names. Throws LabError. */
export async function findTaskModel(
  context: ModelContext,
  name: string,
  how: Pick<DenoiseRequest, "selfEnsemble">,
): Promise<TaskModel> {
  const found = await findModel(context, name);
  return { ...found, name, mark: markOf(await hashModel(found), how), why: null };
}

/** Chooses the model with a card that fits a photo best, as a network will get it. Throws LabError `not_found` where there is none. */
export async function chooseTaskModel(
  context: ChoiceContext,
  photo: TaskPhoto,
  request: NoiseWish & Pick<DenoiseRequest, "selfEnsemble">,
): Promise<TaskModel> {
  const known = await listKept(context);
  if (known.length === 0) throw new LabError("not_found", NO_MODEL);
  const facts = await keepRoom(async () => describeInput(photo.name, await openTaskPhoto(context, photo), request));
  const choice = chooseKept(known, facts);
  if (choice === null) throw new Error("denoise: of the known models one must be chosen");
  const { kept, why } = choice;
  const name = kept.card.hash.slice(0, 8);
  return { checkpointFile: kept.file, run: null, kept, name, mark: markOf(name, request), why };
}

/** Describes a photo with the noise that is added to it, if any, as models are chosen by it. */
async function describeInput(
  name: string,
  { channels, width, height, decoded }: OpenedPhoto,
  { addNoise, ...wish }: NoiseWish,
): Promise<PhotoFacts> {
  if (addNoise === null) return describePhoto(decoded, wish.sigma255);
  const prepared = prepareInput(name, partOf(decoded, "photo"), { addNoise, ...wish }, channels);
  const { noise, estimate } = await makeTogether({
    noise: prepared.noise,
    estimate: addNoise.kind === "gaussian" ? null : later("estimateSigma255", prepared.input),
  });
  return {
    channels,
    megapixels: (width * height) / 1e6,
    sigma255: noise?.kind === "gaussian" ? noise.sigma255 : (estimate ?? NaN),
    isSigmaGiven: noise?.kind === "gaussian",
    hasCameraNoise: addNoise.kind !== "gaussian",
  };
}

/** What is known of a photo that was denoised. */
interface RemarkedPhoto {
  /** Of the photo as it came. */
  readonly channels: 1 | 3;
  /** As somebody said; null where nobody did. */
  readonly sigma255: number | null;
  /** Of the photo as the network got it. */
  readonly estimate: () => number | Promise<number>;
  /** Warns where it was denoised before; null where not. */
  readonly before: string | null;
}

/**
 * Says what is not as was wished: the device, and what does not fit between a photo, by its own channels and as the network
 * got it, and the model that denoised it.
 */
export async function remarksOn(
  model: FoundModel,
  { network, fallback }: Pick<OpenedNetwork, "network" | "fallback">,
  { channels, sigma255, estimate, before }: RemarkedPhoto,
): Promise<readonly string[]> {
  const trained = await describeTrained(model);
  const isSigmaGiven = sigma255 !== null;
  const facts = { channels, sigma255: sigma255 ?? (await estimate()), isSigmaGiven };
  const first = [before, fallback].filter((remark) => remark !== null);
  return [...first, ...listMisfits({ ...trained, network }, facts)];
}

import { makeTogether } from "#main/photos/threads/inThread.ts";
import { later, type OrLater, partOf } from "#main/photos/threads/later.ts";
import { partPhotos } from "#main/photos/partPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import type { CardFolder } from "#main/store/cards/cards.ts";
import type { NoiseProfileCard } from "#main/store/cards/noiseProfileCards.ts";
import type { Store } from "#main/store/openStore.ts";
import type { NoiseFigures, NoiseProfile, NoisyPhoto, TrainingPatch } from "#shared/api/noise.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { findPhotoOfItem } from "#shared/image/batches.ts";
import type { Noise, SettledNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";

import type { Changes } from "#main/lab/changes.ts";

import { findDatasetPhoto, listPhotosOf, loadPair, type PhotosContext } from "./datasetPhotos.ts";

/** What noise profiles are kept with. */
export interface NoiseProfilesContext {
  readonly changes: Pick<Changes, "tell">;
  readonly cards: { readonly noiseProfiles: CardFolder<NoiseProfileCard> };
  getStore(): Pick<Store, "noiseProfiles">;
}

/** A picture without and with noise, for jobs in threads, and the photo it was made from. */
export interface NoisyPair {
  readonly photo: string;
  readonly clean: OrLater<Photo>;
  readonly noisy: OrLater<Photo>;
  readonly noise: OrLater<SettledNoise>;
}

/** Puts on a whole photo, in grey or colour, the noise that an evaluation with this seed puts on it. Throws LabError. */
export async function addNoiseTo(
  context: PhotosContext,
  { dataset, photo, channels, noise, seed }: NoisyPhoto,
): Promise<NoisyPair> {
  const named = await loadPair(context, dataset, await findDatasetPhoto(context, dataset, photo), channels);
  const made = later("makeNoisy", named, noise, seed);
  return { photo, clean: named.clean, noisy: partOf(made, "noisy"), noise: partOf(made, "noise") };
}

/** Draws the patch, in grey or colour, that a search or training gets, from the same seed to the same pixels. Throws LabError. */
export async function drawTrainingPatch(context: PhotosContext, patch: TrainingPatch): Promise<NoisyPair> {
  const { batchSize, step, index, seed, set } = patch;
  if (index >= batchSize)
    throw new LabError("bad_config", `the number of the patch must be below ${batchSize}, got ${index}`);
  const photos = pickSet(await listPhotosOf(context, patch.dataset), patch);
  const item = step * batchSize + index;
  const source = at(photos, findPhotoOfItem(item, photos.length, { seed, stream: set }), "patch: photo");
  const pair = await loadPair(context, patch.dataset, source, patch.channels);
  const drawn = later("drawItem", pair, item, { ...patch, stream: set });
  return {
    photo: source.name,
    clean: partOf(drawn, "clean"),
    noisy: partOf(drawn, "noisy"),
    noise: partOf(drawn, "noise"),
  };
}

/** Says in figures what noise does to a picture. */
export async function describePair({ photo, clean, noisy, noise }: NoisyPair): Promise<NoiseFigures> {
  const { figures, ...rest } = await makeTogether({
    photo,
    width: partOf(clean, "width"),
    height: partOf(clean, "height"),
    noise,
    figures: later("describeNoise", clean, noisy, noise),
  });
  return { ...rest, ...figures };
}

/** Lists the noise profiles by name. */
export function listNoiseProfiles(context: Pick<NoiseProfilesContext, "getStore">): readonly NoiseProfile[] {
  return context.getStore().noiseProfiles.list();
}

/** Keeps a noise setting under a name; one of the same name is replaced. Throws LabError. */
export async function saveNoiseProfile(
  context: NoiseProfilesContext,
  { name, noise }: { readonly name: string; readonly noise: Noise },
): Promise<NoiseProfile> {
  const profile = { name, noise, savedAt: new Date().toISOString() };
  await context.cards.noiseProfiles.write(name, profile);
  context.getStore().noiseProfiles.put(profile);
  context.changes.tell({ kind: "stale", topic: "noiseProfiles" });
  return profile;
}

/** Forgets a noise profile; one that is unknown is forgotten already. */
export async function removeNoiseProfile(context: NoiseProfilesContext, name: string): Promise<void> {
  await context.cards.noiseProfiles.remove(name);
  context.getStore().noiseProfiles.remove(name);
  context.changes.tell({ kind: "stale", topic: "noiseProfiles" });
}

/** The same photos in the same order as a run with these settings sends to the compute process. */
function pickSet(
  photos: readonly DatasetPhoto[],
  { set, maxPhotos, ...settings }: TrainingPatch,
): readonly DatasetPhoto[] {
  const split = partPhotos(photos.slice(0, maxPhotos), settings);
  return set === "training" ? [...split.weights, ...split.architecture] : split[set];
}

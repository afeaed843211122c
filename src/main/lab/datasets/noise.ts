import { splitPhotos } from "#main/photos/splitPhotos.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import type { NoiseFigures, NoiseProfile, NoisyPhoto, TrainingPatch } from "#shared/api/noise.ts";
import { LabError } from "#shared/labError.ts";
import { type SettledNoise, settleNoise, toNoisy } from "#shared/image/addNoise.ts";
import { drawItem, findPhotoOfItem } from "#shared/image/batches.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { expectHistogram } from "#shared/image/expectedNoise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import { toGrey } from "#shared/image/grey.ts";
import type { Noise } from "#shared/image/noise.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { findDatasetPhoto, listPhotosOf, loadPhoto } from "./datasetPhotos.ts";
import type { LabContext } from "#main/lab/labContext.ts";

/** A picture without and with noise, in grey, and the photo it was made from. */
export interface NoisyPair {
  readonly photo: string;
  readonly clean: Photo;
  readonly noisy: Photo;
  readonly noise: SettledNoise;
}

/** Puts on a whole photo the noise that an evaluation with this seed puts on it. Throws LabError. */
export async function addNoiseTo(context: LabContext, { dataset, photo, noise, seed }: NoisyPhoto): Promise<NoisyPair> {
  const named = await loadNamed(context, dataset, await findDatasetPhoto(context, dataset, photo));
  const random = createRandom(seed, "evaluation", photo);
  const settled = settleNoise(noise, random);
  return { photo, clean: named.clean, noisy: toNoisy(named, settled, random), noise: settled };
}

/** Draws the patch that a search or training gets, from the same seed to the same pixels. Throws LabError. */
export async function drawTrainingPatch(context: LabContext, patch: TrainingPatch): Promise<NoisyPair> {
  const { batchSize, step, index, seed, set } = patch;
  if (index >= batchSize) throw new LabError("bad_config", `patch: index must be below ${batchSize}, got ${index}`);
  const photos = pickSet(await listPhotosOf(context, patch.dataset), patch);
  const item = step * batchSize + index;
  const source = photos[findPhotoOfItem(item, photos.length, { seed, stream: set })];
  if (source === undefined) throw new Error(`patch: item ${item} has no photo`);
  return {
    photo: source.name,
    ...drawItem(await loadNamed(context, patch.dataset, source), item, { ...patch, stream: set }),
  };
}

/** Says in figures what noise does to a picture. */
export function describePair({ photo, clean, noisy, noise }: NoisyPair): NoiseFigures {
  const measured = measureNoiseBetween(noisy, clean);
  const expected = noise.kind === "paired" ? null : expectHistogram(clean, noise, measured.histogram);
  const { width, height } = clean;
  const histogram = { ...measured.histogram, expected };
  return { photo, width, height, noise, ...measured, estimatedSigma255: estimateSigma255(noisy), histogram };
}

/** Lists the noise profiles by name. */
export function listNoiseProfiles(context: LabContext): readonly NoiseProfile[] {
  return context.getStore().noiseProfiles.list();
}

/** Keeps a noise setting under a name; one of the same name is replaced. Throws LabError. */
export async function saveNoiseProfile(
  context: LabContext,
  { name, noise }: { readonly name: string; readonly noise: Noise },
): Promise<NoiseProfile> {
  const profile = { name, noise, savedAt: new Date().toISOString() };
  await context.cards.noiseProfiles.write(name, profile);
  context.getStore().noiseProfiles.put(profile);
  context.changes.tell({ kind: "stale", topic: "noiseProfiles" });
  return profile;
}

/** Forgets a noise profile; one that is unknown is forgotten already. */
export async function removeNoiseProfile(context: LabContext, name: string): Promise<void> {
  await context.cards.noiseProfiles.remove(name);
  context.getStore().noiseProfiles.remove(name);
  context.changes.tell({ kind: "stale", topic: "noiseProfiles" });
}

async function loadNamed(context: LabContext, dataset: string, photo: DatasetPhoto): Promise<NamedPhoto> {
  const clean = toGrey(await loadPhoto(context, dataset, photo, "clean"));
  const hasNoisy = photo.source.kind === "file" && photo.source.noisyFile !== null;
  const { name } = photo;
  return hasNoisy ? { name, clean, noisy: toGrey(await loadPhoto(context, dataset, photo, "noisy")) } : { name, clean };
}

/** The same photos in the same order as a run with these settings sends to the compute process. */
function pickSet(
  photos: readonly DatasetPhoto[],
  { set, validationShare, maxPhotos }: TrainingPatch,
): readonly DatasetPhoto[] {
  const split = splitPhotos(photos.slice(0, maxPhotos), validationShare);
  return set === "training" ? [...split.weights, ...split.architecture] : split[set];
}

import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { createRandom, permutation } from "#shared/random/createRandom.ts";
import type { Augmentation } from "./augmentation.ts";
import { type Noise, noiseMapOf, type SettledNoise, settleNoise, toNoisy } from "./noise.ts";
import { cutPatch } from "./patches.ts";
import type { NamedPhoto, Photo } from "./photo.ts";

/** Where training patches come from. `stream` keeps the batches of one purpose (weights, architecture) apart from another's. */
export interface BatchSourceOptions {
  readonly photos: readonly NamedPhoto[];
  readonly batchSize: number;
  readonly patchSize: number;
  readonly augmentation: Augmentation;
  readonly noise: Noise;
  /** Whether batches carry a plane with the noise's standard deviation per pixel. */
  readonly noiseMap?: boolean | undefined;
  readonly seed: number;
  readonly stream: string;
  /** The first step that is asked for and the number of its first item, where they are not 0. */
  readonly start?: { readonly step: number; readonly item: number };
}

/** What decides the items of a stream besides their photos. */
export type StreamOptions = Omit<BatchSourceOptions, "photos" | "batchSize" | "noiseMap" | "start">;

/** One plane of a batch: `data` is `[B, P, P, C]`, patch after patch. */
export interface Plane {
  readonly channels: 1 | 3;
  readonly data: Float32Array;
}

/** The patches of one step by what they show: nominally 0..1, noise unclipped. */
export interface Batch {
  readonly noisy: Plane;
  readonly clean: Plane;
  /** The noise's standard deviation per pixel, one channel; present where the source was asked for it. */
  readonly noiseMap?: Plane | undefined;
}

/** One patch without and with noise, and which noise that is. */
export interface DrawnItem {
  readonly clean: Photo;
  readonly noisy: Photo;
  readonly noise: SettledNoise;
}

/** An endless stream of batches. */
export interface BatchSource {
  /** Steps until every photo was used at least once. */
  readonly stepsPerEpoch: number;
  readonly channels: 1 | 3;
  /** Makes the batch of a step (from 0): depends on the options and the step only, never on earlier calls. */
  batch(step: number): Batch;
}

/**
 * Creates a stream of noisy training patches. Item k of the stream is cut from photo number k mod n of a fresh random
 * order per epoch, with random numbers of its own; the noise map draws none. Throws bad_data for no photos, too small
 * photos, mixed channel counts, and missing pairs.
 */
export function createBatchSource(options: BatchSourceOptions): BatchSource {
  const { photos, batchSize, patchSize, seed, stream, start = { step: 0, item: 0 } } = options;
  const channels = checkPhotos(photos, patchSize);
  const orderOf = createEpochOrders(photos.length, seed, stream);

  const makeItem = (item: number) => {
    const order = orderOf(Math.floor(item / photos.length));
    return drawItem(at(photos, at(order, item % photos.length, "batches: order"), "batches: photo"), item, options);
  };

  return {
    stepsPerEpoch: Math.ceil(photos.length / batchSize),
    channels,
    batch: (step) => {
      const first = start.item + (step - start.step) * batchSize;
      const items = Array.from({ length: batchSize }, (_, i) => makeItem(first + i));
      return {
        noisy: joinPatches(items.map(({ noisy }) => noisy)),
        clean: joinPatches(items.map(({ clean }) => clean)),
        ...(options.noiseMap === true
          ? { noiseMap: joinPatches(items.map(({ noise, noisy }) => noiseMapOf(noise, noisy))) }
          : {}),
      };
    },
  };
}

/** Puts patches of one shape `[P, P, C]` one after the other: `[B, P, P, C]`. */
function joinPatches(patches: readonly Photo[]): Plane {
  const { channels, data: first } = at(patches, 0, "batches: patch");
  const data = new Float32Array(patches.length * first.length);
  for (const [i, patch] of patches.entries()) data.set(patch.data, i * first.length);
  return { channels, data };
}

/** Tells which of `count` photos (from 0) item number `item` of a stream is cut from. */
export function findPhotoOfItem(
  item: number,
  count: number,
  { seed, stream }: Pick<StreamOptions, "seed" | "stream">,
): number {
  return at(createEpochOrders(count, seed, stream)(Math.floor(item / count)), item % count, "batches: order");
}

/** Draws item number `item` of a stream from its photo: a patch `[P, P, C]` without and with noise. Throws as `cutPatch` does. */
export function drawItem(photo: NamedPhoto, item: number, options: StreamOptions): DrawnItem {
  const { patchSize, augmentation, noise, seed, stream } = options;
  const random = createRandom(seed, stream, "item", item);
  const patch = cutPatch(photo, patchSize, augmentation, random);
  const settled = settleNoise(noise, random);
  return { clean: patch.clean, noisy: toNoisy(patch, settled, random), noise: settled };
}

function checkPhotos(photos: readonly NamedPhoto[], patchSize: number): 1 | 3 {
  const [first] = photos;
  if (first === undefined) throw new LabError("bad_data", "at least one photo is needed, got none");
  const { channels } = first.clean;
  for (const { name, clean } of photos) {
    if (clean.channels !== channels) {
      throw new LabError(
        "bad_data",
        `photo "${name}" must have ${channels} channel(s) like "${first.name}", got ${clean.channels}`,
      );
    }
    if (Math.min(clean.width, clean.height) < patchSize) {
      throw new LabError(
        "bad_data",
        `photo "${name}" must be at least the patch size ${patchSize}x${patchSize}, got ${clean.width}x${clean.height}`,
      );
    }
  }
  return channels;
}

/** Remembers the last epoch's order; batches are asked for in order, so it is computed about once per epoch. */
function createEpochOrders(count: number, seed: number, stream: string): (epoch: number) => Uint32Array {
  let known: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() };
  return (epoch) => {
    if (epoch !== known.epoch) {
      known = { epoch, order: permutation(count, createRandom(seed, stream, "order", epoch)) };
    }
    return known.order;
  };
}

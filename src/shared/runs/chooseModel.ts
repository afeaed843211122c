import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import type { ModelCard } from "./modelCard.ts";

/** What a model is chosen by. */
export interface PhotoFacts {
  readonly channels: 1 | 3;
  readonly megapixels: number;
  /** Its noise, given or estimated, 0..255 scale. */
  readonly sigma255: number;
  readonly isSigmaGiven: boolean;
  /** True where its noise is a camera's: alike in neighbouring pixels. */
  readonly hasCameraNoise: boolean;
}

/** Above this the cheapest model that fits is taken: the photo would take minutes by others. */
const LARGE_MEGAPIXELS = 12;

/** How a model stands to a photo, each the better the smaller, first things first. */
type Rank = readonly [channels: number, noise: number, beyond255: number, cost: number];

/**
 * Chooses the model for a photo: one for its channels, then for its kind of noise, then the one whose range of noise is
 * nearest; among equals the dearest, and for large photos the cheapest. Says why. Null where there is no model.
 */
export function chooseModel(
  cards: readonly ModelCard[],
  photo: PhotoFacts,
): { readonly card: ModelCard; readonly why: string } | null {
  const ranked = cards
    .map((card) => ({ card, rank: rankOf(card, photo) }))
    .sort((a, b) => compareRanks(a.rank, b.rank));
  const [best] = ranked;
  return best === undefined ? null : { card: best.card, why: explain(best.card, photo) };
}

/** Says what does not fit between a model and a photo: works, but a person should know. Nothing where all fits. */
export function listMisfits(
  { name, network, trainedSigma255 }: Pick<ModelCard, "name" | "network" | "trainedSigma255">,
  { channels, sigma255, isSigmaGiven }: Pick<PhotoFacts, "channels" | "sigma255" | "isSigmaGiven">,
): readonly string[] {
  const misfits: string[] = [];
  if (network.imageChannels === 1 && channels === 3) {
    misfits.push(`${name} is for grey pictures: the photo's red, green and blue are denoised one by one`);
  }
  if (network.imageChannels === 3 && channels === 1) {
    misfits.push(`${name} is for colour: the grey photo goes in as three equal channels, and comes out grey`);
  }
  if (trainedSigma255 !== null && isBeyond(sigma255, trainedSigma255)) {
    const { from, to } = trainedSigma255;
    const told = isSigmaGiven ? "is said to have" : "has about";
    misfits.push(`the photo ${told} noise ${round(sigma255)}, and ${name} was trained for ${from} to ${to}`);
  }
  return misfits;
}

function rankOf({ network, noise, trainedSigma255, genotype }: ModelCard, photo: PhotoFacts): Rank {
  const isOfCamera = noise !== null && noise !== "gaussian";
  const { multiplyAddsPerPixel } = networkCost(buildNetworkGraph({ genotype, ...network }));
  return [
    network.imageChannels === photo.channels ? 0 : 1,
    isOfCamera === photo.hasCameraNoise ? 0 : 1,
    trainedSigma255 === null ? 0 : distance(photo.sigma255, trainedSigma255),
    photo.megapixels > LARGE_MEGAPIXELS ? multiplyAddsPerPixel : -multiplyAddsPerPixel,
  ];
}

function compareRanks(a: Rank, b: Rank): number {
  const index = a.findIndex((value, i) => value !== b[i]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function explain({ name, network, noise, trainedSigma255 }: ModelCard, photo: PhotoFacts): string {
  const { channels, sigma255, isSigmaGiven, hasCameraNoise, megapixels } = photo;
  const kind = `a ${channels === 1 ? "grey" : "colour"} photo`;
  const size = megapixels > LARGE_MEGAPIXELS ? ` of ${round(megapixels)} megapixels` : "";
  const sigma = `with ${hasCameraNoise ? "a camera's " : ""}noise of ${isSigmaGiven ? "" : "about "}${round(sigma255)}`;
  const range = trainedSigma255 === null ? "" : ` from ${trainedSigma255.from} to ${trainedSigma255.to}`;
  const what = `${network.imageChannels === 1 ? "grey" : "colour"} pictures and ${noise?.replaceAll("_", " ") ?? "unknown"} noise${range}`;
  return `${name}, trained for ${what}, for ${kind}${size} ${sigma}`;
}

/** Estimates scatter: a little beyond the range is no reason to speak. */
function isBeyond(sigma255: number, range: { readonly from: number; readonly to: number }): boolean {
  return distance(sigma255, range) > Math.max(1, 0.1 * sigma255);
}

function distance(sigma255: number, { from, to }: { readonly from: number; readonly to: number }): number {
  return Math.max(0, from - sigma255, sigma255 - to);
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

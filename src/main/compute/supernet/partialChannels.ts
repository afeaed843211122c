import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";

import { paddedChannels } from "#main/compute/layers/channelPadding.ts";

/** A cell of which only the first channels of each state go through mixed ops (PC-DARTS). */
export interface PartialCell {
  /** Of the cell. */
  readonly channels: number;
  /** Of its mixed ops. */
  readonly mixed: number;
}

/**
 * Where each channel stands after the shuffle that follows the mixed ops, by its place before: in turn one of each group of `mixed`
 * channels, so that others go through the mixed ops of the next edge.
 */
export function shuffledPlaces({ channels, mixed }: PartialCell): number[] {
  const order = Array.from({ length: channels }, (_, channel) => channel).toSorted(
    (a, b) => (a % mixed) - (b % mixed) || a - b,
  );
  const places = new Array<number>(channels).fill(0);
  order.forEach((channel, place) => (places[channel] = place));
  return places;
}

/** The channels that pass by the mixed ops, each with its place after the shuffle. */
export function bypassing(cell: PartialCell): readonly (readonly [channel: number, place: number])[] {
  return shuffledPlaces(cell)
    .map((place, channel) => [channel, place] as const)
    .slice(cell.mixed);
}

/** A pointwise filter `[1, 1, C, M]` that takes the channels of the mixed ops. */
export function takingFilter({ channels, mixed }: PartialCell): Tensor4D {
  const [from, to] = [paddedChannels(channels), paddedChannels(mixed)];
  const filter = new Float32Array(from * to);
  for (let channel = 0; channel < mixed; channel++) filter[channel * to + channel] = 1;
  return tf.tensor4d(filter, [1, 1, from, to]);
}

/** A pointwise filter `[1, 1, edges * M, edges * C]` that puts what the mixed ops of each edge gave to its place after the shuffle. */
export function puttingFilter(cell: PartialCell, edges: number): Tensor4D {
  const [from, to] = [paddedChannels(cell.mixed), paddedChannels(cell.channels)];
  const places = shuffledPlaces(cell);
  const filter = new Float32Array(edges * from * edges * to);
  for (let edge = 0; edge < edges; edge++) {
    for (let channel = 0; channel < cell.mixed; channel++) {
      const row = edge * from + channel;
      filter[row * edges * to + edge * to + at(places, channel, "places of channels")] = 1;
    }
  }
  return tf.tensor4d(filter, [1, 1, edges * from, edges * to]);
}

import { z } from "zod";

/**
 * What stands around the searched cells, in a search and in a derived network alike: what comes in, at which resolution the
 * layers work, and the stem. Shapes of schemas that name these settings.
 */
export const frameShape = {
  imageChannels: z
    .literal([1, 3])
    .default(1)
    .describe("1 for grey pictures, 3 for colour: one network for all three channels."),
  noiseMap: z
    .boolean()
    .default(false)
    .describe(
      "Give the network the strength of the noise at every pixel, so that one network serves a range of noise.",
    ),
  unshuffle: z
    .literal([1, 2])
    .default(1)
    .describe("2 works at half resolution: each 2x2 block of pixels becomes channels, and goes back at the end."),
  offsetLimitPx: z
    .int()
    .min(0)
    .max(16)
    .default(2)
    .describe(
      "How far a deformable convolution may move each of its taps, in pixels of its layer; wider needs wider margins around tiles. No other primitive reads it.",
    ),
  stemChannels: z.int().min(1).max(1024).default(64).describe("Channels of the stem before the cells; published: 64."),
} as const;

/** The settings of a frame. */
export interface Frame {
  readonly imageChannels: 1 | 3;
  readonly noiseMap: boolean;
  readonly unshuffle: 1 | 2;
  readonly offsetLimitPx: number;
  readonly stemChannels: number;
}

/** The names of the planes that a network can be given: the noisy picture, and the noise's standard deviation per pixel. */
export const PLANES = { noisy: "noisy", noiseMap: "noise_map" } as const;

/** A plane that a network reads, and its channels. */
export interface InputPlane {
  readonly name: (typeof PLANES)[keyof typeof PLANES];
  readonly channels: number;
}

/** Lists the planes that a network reads, in their order. */
export function inputPlanes({ imageChannels, noiseMap }: Frame): readonly InputPlane[] {
  const noisy: InputPlane = { name: PLANES.noisy, channels: imageChannels };
  return noiseMap ? [noisy, { name: PLANES.noiseMap, channels: 1 }] : [noisy];
}

/** Counts the channels that the stem reads: all planes, each block of pixels side by side. */
export function doorChannels(frame: Frame): number {
  return inputPlanes(frame).reduce((sum, { channels }) => sum + channels, 0) * frame.unshuffle ** 2;
}

/** Counts the channels of the noise as the decoder predicts it. */
export function outputChannels({ imageChannels, unshuffle }: Frame): number {
  return imageChannels * unshuffle ** 2;
}

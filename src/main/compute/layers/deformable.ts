import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { deformableGroups, offsetChannels, tapMapChannels } from "#shared/space/graph/tapMap.ts";

import type { DeformableInputs, ForwardKernels, Taps } from "#main/compute/kernels/kernels.ts";

import type { ForwardTape, Value } from "./tape.ts";

/** What a deformable convolution reads: a picture `[B, H, W, C]`, where its taps go (`tapMapChannels`), a filter `[K, K, C, D]`. */
export interface DeformableValues {
  readonly x: Value;
  readonly map: Value;
  readonly filter: Value;
}

export interface DeformableSettings {
  readonly dilation: number;
  /** Of the picture, without padding: the channel groups lie in these. */
  readonly channels: number;
  /** Taps move at most so far, in pixels. */
  readonly limitPx: number;
}

/** A modulated deformable convolution, size kept: `[B, H, W, D]` (science notes 1.2). What its taps read is not remembered. */
export function convolveDeformable(
  tape: ForwardTape,
  { x, map, filter }: DeformableValues,
  settings: DeformableSettings,
): Value {
  const [side] = filter.tensor.shape;
  const taps = tapsOf(x, settings);
  const moves = offsetChannels(side, taps.groups.length);
  const inputs = readMap(tape.kernels, { x, map, filter }, settings);
  const y = tape.kernels.deformable(inputs, taps);
  tf.dispose([inputs.offsets, inputs.masks]);
  return tape.recordOne(y, [x, map, filter], [], (gradient, kernels) => {
    const again = readMap(kernels, { x, map, filter }, settings);
    const result = kernels.deformableGradient(gradient as Tensor4D, again, taps, filter.needsGradient);
    const dMap = tf.tidy(() => {
      const raw = kernels.takeChannels(map.tensor, 0, moves);
      const free = tf.cast(tf.lessEqual(tf.abs(raw), settings.limitPx), "float32");
      const dMasks = kernels.sigmoidGradient(result.masks, again.masks);
      return kernels.concatChannels([tf.mul(result.offsets, free), dMasks]);
    });
    tf.dispose([again.offsets, again.masks, result.offsets, result.masks]);
    return [result.x, dMap, result.filter];
  });
}

/** Where the taps go, limited, and how much they count, 0..1. The caller disposes both. */
function readMap(
  kernels: ForwardKernels,
  { x, map, filter }: DeformableValues,
  settings: DeformableSettings,
): DeformableInputs {
  const [side] = filter.tensor.shape;
  const groups = deformableGroups(settings.channels);
  const moves = offsetChannels(side, groups);
  const raw = kernels.takeChannels(map.tensor, 0, moves);
  const offsets = kernels.clip(raw, settings.limitPx);
  const counts = kernels.takeChannels(map.tensor, moves, tapMapChannels(side, groups) - moves);
  const masks = kernels.sigmoid(counts);
  tf.dispose([raw, counts]);
  return { x: x.tensor, offsets, masks, filter: filter.tensor };
}

/** Channels that fill up the picture belong to the last group: they are zero. */
function tapsOf(x: Value, { channels, dilation }: DeformableSettings): Taps {
  const count = deformableGroups(channels);
  const size = channels / count;
  const stored = x.tensor.shape[3];
  const groups = Array.from({ length: count }, (_, index) => (index < count - 1 ? size : stored - (count - 1) * size));
  return { dilation, groups };
}

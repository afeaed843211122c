import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";

import type { DeformableGradients, DeformableInputs, Taps } from "./kernels.ts";

/** One of the four pixels between which a moved tap reads. */
interface Corner {
  /** Where the pixel's first channel lies in the picture. */
  readonly place: number;
  readonly weight: number;
  /** How the weight changes as the tap moves down, and to the right. */
  readonly down: number;
  readonly right: number;
}

/** One tap of one channel group at one output pixel. */
interface Sample {
  /** Where the tap's move down is in the offsets; the one to the right is next to it. */
  readonly offset: number;
  readonly mask: number;
  /** The first of the group's channels, and the one after its last. */
  readonly begin: number;
  readonly end: number;
  /** Where the tap's weights for channel 0 begin in the filter. */
  readonly filter: number;
  /** Where the output pixel's first channel lies. */
  readonly output: number;
  readonly corners: readonly Corner[];
}

/** A deformable convolution one product at a time: slow, and plain to read. See `ForwardKernels.deformable`. */
export function plainDeformable(inputs: DeformableInputs, taps: Taps): Tensor4D {
  const [x, masks, filter] = [inputs.x, inputs.masks, inputs.filter].map((tensor) => tensor.dataSync<"float32">());
  const [batch, height, width] = inputs.x.shape;
  const outputs = inputs.filter.shape[3];
  const y = new Float32Array(batch * height * width * outputs);
  forEachSample(inputs, taps, ({ mask, begin, end, filter: first, output, corners }) => {
    for (let channel = begin; channel < end; channel++) {
      const value = sum(corners, ({ place, weight }) => weight * numberAt(x, place + channel)) * numberAt(masks, mask);
      for (let o = 0; o < outputs; o++) addTo(y, output + o, value * numberAt(filter, first + channel * outputs + o));
    }
  });
  return tf.tensor4d(y, [batch, height, width, outputs]);
}

/** The gradients of `plainDeformable`, one product at a time. */
export function plainDeformableGradient(
  dy: Tensor4D,
  inputs: DeformableInputs,
  taps: Taps,
  wantsFilter: boolean,
): DeformableGradients {
  const [x, masks, filter] = [inputs.x, inputs.masks, inputs.filter].map((tensor) => tensor.dataSync<"float32">());
  const gradient = dy.dataSync<"float32">();
  const outputs = inputs.filter.shape[3];
  const [dx, dOffsets, dMasks, dFilter] = [inputs.x, inputs.offsets, inputs.masks, inputs.filter].map(
    ({ size }) => new Float32Array(size),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  forEachSample(inputs, taps, ({ offset, mask, begin, end, filter: first, output, corners }) => {
    const counts = numberAt(masks, mask);
    for (let channel = begin; channel < end; channel++) {
      const value = sum(corners, ({ place, weight }) => weight * numberAt(x, place + channel));
      let dValue = 0;
      for (let o = 0; o < outputs; o++) {
        const slope = numberAt(gradient, output + o);
        dValue += slope * numberAt(filter, first + channel * outputs + o);
        addTo(dFilter, first + channel * outputs + o, slope * value * counts);
      }
      addTo(dMasks, mask, dValue * value);
      for (const { place, weight, down, right } of corners) {
        addTo(dx, place + channel, dValue * counts * weight);
        addTo(dOffsets, offset, dValue * counts * down * numberAt(x, place + channel));
        addTo(dOffsets, offset + 1, dValue * counts * right * numberAt(x, place + channel));
      }
    }
  });
  return {
    x: tf.tensor4d(dx, inputs.x.shape),
    offsets: tf.tensor4d(dOffsets, inputs.offsets.shape),
    masks: tf.tensor4d(dMasks, inputs.masks.shape),
    filter: wantsFilter ? tf.tensor4d(dFilter, inputs.filter.shape) : null,
  };
}

function forEachSample({ x, offsets, filter }: DeformableInputs, taps: Taps, visit: (sample: Sample) => void): void {
  const [batch, height, width, channels] = x.shape;
  const [side, , , outputs] = filter.shape;
  const moves = offsets.dataSync<"float32">();
  const count = side * side;
  const middle = (side - 1) / 2;
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const [row, column] = [Math.floor(pixel / width) % height, pixel % width];
    const picture = Math.floor(pixel / (width * height)) * height * width * channels;
    let begin = 0;
    for (const [group, size] of taps.groups.entries()) {
      for (let tap = 0; tap < count; tap++) {
        const mask = (pixel * taps.groups.length + group) * count + tap;
        const y = row + (Math.floor(tap / side) - middle) * taps.dilation + numberAt(moves, 2 * mask);
        const right = column + ((tap % side) - middle) * taps.dilation + numberAt(moves, 2 * mask + 1);
        const corners = findCorners(y, right, { picture, height, width, channels });
        const place = { begin, end: begin + size, filter: tap * channels * outputs, output: pixel * outputs };
        visit({ offset: 2 * mask, mask, ...place, corners });
      }
      begin += size;
    }
  }
}

interface Picture {
  readonly picture: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function findCorners(y: number, x: number, { picture, height, width, channels }: Picture): readonly Corner[] {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [below, beside] = [y - top, x - left];
  const corners: Corner[] = [];
  for (const [dy, rowWeight] of [1 - below, below].entries()) {
    for (const [dx, columnWeight] of [1 - beside, beside].entries()) {
      const [row, column] = [top + dy, left + dx];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      corners.push({
        place: picture + (row * width + column) * channels,
        weight: rowWeight * columnWeight,
        down: (2 * dy - 1) * columnWeight,
        right: (2 * dx - 1) * rowWeight,
      });
    }
  }
  return corners;
}

function sum(corners: readonly Corner[], valueOf: (corner: Corner) => number): number {
  return corners.reduce((total, corner) => total + valueOf(corner), 0);
}

function numberAt(values: Float32Array | undefined, index: number): number {
  return at(values ?? [], index, "numbers of a deformable convolution");
}

function addTo(values: Float32Array, index: number, amount: number): void {
  values[index] = numberAt(values, index) + amount;
}

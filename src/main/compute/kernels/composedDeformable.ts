import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";

import type { DeformableGradients, DeformableInputs, Shape4D, Taps, TrainingKernels } from "./kernels.ts";

/** The kernels that a deformable convolution is composed of. */
export interface DeformableParts extends Pick<
  TrainingKernels,
  "conv2d" | "conv2dInputGradient" | "conv2dFilterGradient"
> {
  /** Rows `[N, C]` of a table by their numbers `[N]`, which are not read back: a recorded step could not do so. */
  gatherRows(table: Tensor2D, rows: Tensor1D): Tensor2D;
}

/**
 * A deformable convolution as gathers and one pointwise convolution over all taps, see `ForwardKernels.deformable`. What the
 * taps read is not remembered: it is nine times as large as the picture.
 */
export function deformableConvolution(kernels: DeformableParts, inputs: DeformableInputs, taps: Taps): Tensor4D {
  return tf.tidy(() => kernels.conv2d(readTaps(kernels, inputs, taps), asPointwise(inputs.filter), 1));
}

/** The gradients of `deformableConvolution`. */
export function deformableConvolutionGradient(
  kernels: DeformableParts,
  dy: Tensor4D,
  inputs: DeformableInputs,
  taps: Taps,
  wantsFilter: boolean,
): DeformableGradients {
  const { x, filter } = inputs;
  const gradients = tf.tidy(() => {
    const pointwise = asPointwise(filter);
    const [batch, height, width] = x.shape;
    const readShape: Shape4D = [batch, height, width, pointwise.shape[2]];
    const dRead = kernels.conv2dInputGradient(readShape, pointwise, dy, 1);
    const parts = groupsOf(inputs, taps).map((group) => groupGradients(kernels, group, dRead, inputs));
    const join = (name: "x" | "offsets" | "masks"): Tensor4D => tf.concat(parts.map((part) => part[name]), 3); // prettier-ignore
    const dFilter = wantsFilter
      ? [tf.reshape<tf.Rank.R4>(kernels.conv2dFilterGradient(readTaps(kernels, inputs, taps), pointwise.shape, dy, 1), filter.shape)] // prettier-ignore
      : [];
    return [join("x"), join("offsets"), join("masks"), ...dFilter];
  });
  const gradient = (index: number): Tensor4D => at(gradients, index, "gradients of a deformable convolution");
  return { x: gradient(0), offsets: gradient(1), masks: gradient(2), filter: wantsFilter ? gradient(3) : null };
}

/** A filter `[K, K, C, D]` over taps that lie side by side: `[1, 1, K * K * C, D]`. */
function asPointwise(filter: Tensor4D): Tensor4D {
  const [side, , channels, outputs] = filter.shape;
  return tf.reshape<tf.Rank.R4>(filter, [1, 1, side * side * channels, outputs]);
}

/** A channel group: which channels, and where its taps read, `[B, H, W, taps]`. */
interface Group {
  readonly begin: number;
  readonly channels: number;
  readonly masks: Tensor4D;
  readonly corners: readonly Corner[];
}

/** One of the four pixels between which each tap reads: its row in the picture `[B * H * W, C]`, its weight, and how that changes. */
interface Corner {
  readonly rows: Tensor1D;
  readonly weight: Tensor4D;
  /** As the tap moves down, and to the right. */
  readonly down: Tensor4D;
  readonly right: Tensor4D;
}

function groupsOf(inputs: DeformableInputs, { dilation, groups }: Taps): Group[] {
  const [side] = inputs.filter.shape;
  const taps = side * side;
  let begin = 0;
  return groups.map((channels, index) => {
    const moves = (first: number): Tensor4D =>
      tf.stridedSlice(inputs.offsets, [0, 0, 0, 2 * index * taps + first], [0, 0, 0, 2 * (index + 1) * taps], [1, 1, 1, 2], 0b111, 0b111) as Tensor4D; // prettier-ignore
    const masks = tf.slice(inputs.masks, [0, 0, 0, index * taps], [-1, -1, -1, taps]);
    const corners = findCorners(inputs.x.shape, side, dilation, moves(0), moves(1));
    const group = { begin, channels, masks, corners };
    begin += channels;
    return group;
  });
}

function findCorners(shape: Shape4D, side: number, dilation: number, down: Tensor4D, right: Tensor4D): Corner[] {
  const [batch, height, width] = shape;
  const middle = (side - 1) / 2;
  const taps = Array.from({ length: side * side }, (_, tap) => tap);
  const places = (count: number, stepOf: (tap: number) => number): Float32Array =>
    Float32Array.from({ length: count * taps.length }, (_, index) => {
      return Math.floor(index / taps.length) + (stepOf(index % taps.length) - middle) * dilation;
    });
  const y = tf.add(down, tf.tensor4d(places(height, (tap) => Math.floor(tap / side)), [1, height, 1, taps.length])); // prettier-ignore
  const x = tf.add(right, tf.tensor4d(places(width, (tap) => tap % side), [1, 1, width, taps.length])); // prettier-ignore
  const pictures = tf.tensor4d(Int32Array.from({ length: batch }, (_, index) => index * height * width), [batch, 1, 1, 1], "int32"); // prettier-ignore
  const rows = twoSides(y, height);
  return rows.flatMap((row) =>
    twoSides(x, width).map((column): Corner => {
      const inside = tf.mul<Tensor4D>(row.inside, column.inside);
      const index = tf.add(tf.cast(tf.add(tf.mul(row.place, width), column.place), "int32"), pictures);
      return {
        rows: tf.reshape<tf.Rank.R1>(index, [-1]),
        weight: tf.mul(inside, tf.mul(row.weight, column.weight)),
        down: tf.mul(inside, tf.mul(column.weight, row.sign)),
        right: tf.mul(inside, tf.mul(row.weight, column.sign)),
      };
    }),
  );
}

/** The whole numbers on both sides of a place, within the picture, how much each counts, and whether it was inside. */
function twoSides(
  place: tf.Tensor,
  size: number,
): readonly {
  readonly place: tf.Tensor;
  readonly weight: tf.Tensor;
  readonly sign: number;
  readonly inside: tf.Tensor;
}[] {
  const floor = tf.floor(place);
  const share = tf.sub(place, floor);
  return [0, 1].map((side) => {
    const whole = tf.add(floor, side);
    const inside = tf.logicalAnd(tf.greaterEqual(whole, 0), tf.lessEqual(whole, size - 1));
    return {
      place: tf.clipByValue(whole, 0, size - 1),
      weight: side === 0 ? tf.sub(1, share) : share,
      sign: 2 * side - 1,
      inside: tf.cast(inside, "float32"),
    };
  });
}

/** The channels of a group as rows, `[B * H * W, C]`. */
function rowsOf(x: Tensor4D, { begin, channels }: Group): Tensor2D {
  return tf.reshape<tf.Rank.R2>(tf.slice(x, [0, 0, 0, begin], [-1, -1, -1, channels]), [-1, channels]);
}

/** What all taps read, times how much they count: `[B, H, W, taps * C]`, tap by tap. */
function readTaps(kernels: DeformableParts, inputs: DeformableInputs, taps: Taps): Tensor4D {
  const [batch, height, width, channels] = inputs.x.shape;
  const count = inputs.filter.shape[0] ** 2;
  const parts = groupsOf(inputs, taps).map((group) => {
    const rows = rowsOf(inputs.x, group);
    const read = group.corners.map((corner) =>
      tf.mul<Tensor2D>(kernels.gatherRows(rows, corner.rows), asColumn(tf.mul(corner.weight, group.masks))),
    );
    return tf.reshape<tf.Rank.R5>(tf.addN(read), [batch, height, width, count, group.channels]);
  });
  const joined = parts.length === 1 ? at(parts, 0, "channel groups") : tf.concat(parts, 4);
  return tf.reshape<tf.Rank.R4>(joined, [batch, height, width, count * channels]);
}

function groupGradients(
  kernels: DeformableParts,
  group: Group,
  dRead: Tensor4D,
  { x, filter }: DeformableInputs,
): { readonly x: Tensor4D; readonly offsets: Tensor4D; readonly masks: Tensor4D } {
  const [batch, height, width, channels] = x.shape;
  const count = filter.shape[0] ** 2;
  const pixels = batch * height * width;
  const byTap = tf.reshape<tf.Rank.R3>(dRead, [pixels, count, channels]);
  const own = tf.slice(byTap, [0, 0, group.begin], [-1, -1, group.channels]);
  const slopes = tf.reshape<tf.Rank.R2>(own, [pixels * count, group.channels]);
  const rows = rowsOf(x, group);
  const corners = group.corners.map((corner) => {
    // The slope of what the tap reads, had the corner's weight been one: [B, H, W, taps].
    const along = tf.reshape<tf.Rank.R4>(tf.sum(tf.mul(slopes, kernels.gatherRows(rows, corner.rows)), 1), [batch, height, width, count]); // prettier-ignore
    const back = tf.mul<Tensor2D>(slopes, asColumn(tf.mul(corner.weight, group.masks)));
    return {
      x: tf.unsortedSegmentSum(back, corner.rows, pixels),
      masks: tf.mul<Tensor4D>(along, corner.weight),
      down: tf.mul<Tensor4D>(along, corner.down),
      right: tf.mul<Tensor4D>(along, corner.right),
    };
  });
  const total = (name: "masks" | "down" | "right"): Tensor4D => tf.addN(corners.map((corner) => corner[name]));
  const moves = tf.stack([total("down"), total("right")].map((each) => tf.mul<Tensor4D>(each, group.masks)), 4); // prettier-ignore
  return {
    x: tf.reshape<tf.Rank.R4>(tf.addN(corners.map((corner) => corner.x)), [batch, height, width, group.channels]),
    offsets: tf.reshape<tf.Rank.R4>(moves, [batch, height, width, 2 * count]),
    masks: total("masks"),
  };
}

function asColumn(values: tf.Tensor): Tensor2D {
  return tf.reshape<tf.Rank.R2>(values, [-1, 1]);
}

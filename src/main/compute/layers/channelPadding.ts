import { at } from "#shared/at.ts";
import type { ChannelAxis } from "#shared/space/graph/parameters.ts";

/**
 * TensorFlow's batch norm is five times slower where the number of channels is no multiple of this (measured: 10 channels
 * cost 0.90 ms, 12 cost 0.23), so channels are stored in fours and filled up with zeros. Zeros stay zeros through filters,
 * norms, activations and every gradient: the numbers that count are the same.
 */
const CHANNEL_MULTIPLE = 4;

/** Returns how many channels are stored for `channels` that count. */
export function paddedChannels(channels: number): number {
  return Math.ceil(channels / CHANNEL_MULTIPLE) * CHANNEL_MULTIPLE;
}

/** Returns the shape with its channel axes padded. */
export function paddedShape(shape: readonly number[], axes: readonly ChannelAxis[]): number[] {
  return shape.map((length, axis) => {
    const padded = axes.find((candidate) => candidate.axis === axis);
    return padded === undefined ? length : padded.groups * paddedChannels(padded.channels);
  });
}

/** Copies row-major `values` of `shape` into the padded layout; `target` is zero elsewhere. */
export function spreadChannels(
  values: ArrayLike<number>,
  shape: readonly number[],
  axes: readonly ChannelAxis[],
  target: Float32Array,
): void {
  visit(shape, axes, (index, stored) => {
    target[stored] = at(values, index, "values without padding");
  });
}

/** The inverse of `spreadChannels`: returns the values that count. */
export function gatherChannels(
  stored: Float32Array,
  shape: readonly number[],
  axes: readonly ChannelAxis[],
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  visit(shape, axes, (index, from) => {
    values[index] = at(stored, from, "stored values");
  });
  return values;
}

/** Calls back for each value with its row-major index and its place in the padded layout. */
function visit(
  shape: readonly number[],
  axes: readonly ChannelAxis[],
  onValue: (index: number, stored: number) => void,
): void {
  const offsets = storedOffsets(shape, axes);
  let index = 0;
  const walk = (axis: number, base: number): void => {
    const steps = offsets[axis];
    if (steps === undefined) {
      onValue(index, base);
      index += 1;
      return;
    }
    for (const step of steps) {
      walk(axis + 1, base + step);
    }
  };
  walk(0, 0);
}

/** For each axis and position on it, how far it moves in the padded layout. */
function storedOffsets(shape: readonly number[], axes: readonly ChannelAxis[]): number[][] {
  const padded = paddedShape(shape, axes);
  return shape.map((length, axis) => {
    const stride = padded.slice(axis + 1).reduce((product, side) => product * side, 1);
    const layout = axes.find((candidate) => candidate.axis === axis);
    return Array.from({ length }, (_, position) => stride * storedPosition(position, layout));
  });
}

function storedPosition(position: number, layout: ChannelAxis | undefined): number {
  if (layout === undefined) {
    return position;
  }
  const group = Math.floor(position / layout.channels);
  return group * paddedChannels(layout.channels) + (position % layout.channels);
}

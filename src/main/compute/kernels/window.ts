import * as tf from "@tensorflow/tfjs-core";

import type { Rectangle } from "#shared/image/geometry.ts";

import type { Window } from "./kernels.ts";

/** Makes the window that crops area `from` to area `to`, for all pictures and channels. The tensors belong to the caller. */
export function makeWindow(areas: readonly Rectangle[], from: number, to: number): Window {
  const [outer, inner] = [areas[from], areas[to]];
  if (outer === undefined || inner === undefined) {
    throw new Error(`makeWindow: expected areas ${from} and ${to}, got ${areas.length} areas`);
  }
  return {
    begin: tf.tensor1d([0, inner.y - outer.y, inner.x - outer.x, 0], "int32"),
    size: tf.tensor1d([-1, inner.height, inner.width, -1], "int32"),
  };
}

import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";

/** How the channels that a pointwise convolution reads are grouped: by edge, or by input channel first. */
export type RowGrouping = "edge" | "input_channel";

/**
 * Puts the pointwise filters `[edges, 1, C, D]` of several edges into one, `[1, 1, edges * C, edges * D]`, with zeros
 * between edges. Rows follow the grouping of the input, columns are grouped by edge.
 */
export function blockDiagonal(tape: ForwardTape, filters: Value, grouping: RowGrouping): Value {
  const [edges, , input, output] = filters.tensor.shape;
  if (edges === 1) {
    return filters;
  }
  const spread = tf.tidy(() => {
    const rows = arrangeRows(filters.tensor, grouping);
    return tf.reshape<tf.Rank.R4>(tf.mul(rows, blockMask(edges, grouping)), [1, 1, edges * input, edges * output]);
  });
  return tape.recordOne(spread, [filters], [], (gradient) => [
    tf.tidy(() => {
      const rows: [number, number, number, number] =
        grouping === "edge" ? [edges, input, edges, output] : [input, edges, edges, output];
      const blocks = tf.sum(tf.mul(tf.reshape(gradient, rows), blockMask(edges, grouping)), 2);
      const byEdge = grouping === "edge" ? blocks : tf.transpose(blocks, [1, 0, 2]); // [edges, C, D]
      return tf.reshape(byEdge, [edges, 1, input, output]);
    }),
  ]);
}

/** `[edges, 1, C, D]` to rows with an empty axis for the target edge. */
function arrangeRows(filters: Tensor4D, grouping: RowGrouping): Tensor4D {
  return grouping === "edge"
    ? tf.transpose(filters, [0, 2, 1, 3]) // [edges, C, 1, D]
    : tf.transpose(filters, [2, 0, 1, 3]); // [C, edges, 1, D]
}

/** Ones where row and column belong to one edge. Made from numbers, which takes one call of the engine instead of three. */
function blockMask(edges: number, grouping: RowGrouping): Tensor4D {
  const ones = new Float32Array(edges * edges);
  for (let edge = 0; edge < edges; edge++) ones[edge * edges + edge] = 1;
  return tf.tensor4d(ones, grouping === "edge" ? [edges, 1, edges, 1] : [1, edges, edges, 1]);
}

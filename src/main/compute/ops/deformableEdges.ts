import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import type { FilterStage } from "#shared/space/cells/primitives.ts";
import { TAP_MAP } from "#shared/space/graph/primitiveParameters.ts";

import { addBias, concatenate, split } from "#main/compute/layers/combine.ts";
import { convolve } from "#main/compute/layers/convolution.ts";
import { convolveDeformable, type DeformableSettings } from "#main/compute/layers/deformable.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";

/**
 * Runs a deformable filter for all edges that leave a state: where the taps of all edges go comes from one convolution, then
 * each edge reads the state where its own taps are. `[B, H, W, edges * C]`, grouped by edge.
 */
export function deformableEdges(
  tape: Tape,
  x: Value,
  { name, side, dilation }: FilterStage,
  settings: Omit<DeformableSettings, "dilation">,
  parameter: (name: string) => Value<Tensor> & Value,
): Value {
  const filter = parameter(name);
  const edges = filter.tensor.shape[0] / side;
  const bias: Value<Tensor> = parameter(`${TAP_MAP}.bias`);
  const all = addBias(tape, convolve(tape, x, parameter(`${TAP_MAP}.conv`), dilation), bias as Value<Tensor1D>);
  const maps = split(tape, all, edges);
  const filters = splitRows(tape, filter, edges);
  const outputs = maps.map((map, edge) =>
    convolveDeformable(tape, { x, map, filter: at(filters, edge, "filters of edges") }, { ...settings, dilation }),
  );
  return concatenate(tape, outputs);
}

/** Cuts filters that lie one below the other, `[edges * K, K, C, D]`. */
function splitRows(tape: Tape, filter: Value, edges: number): Value[] {
  const pieces = tf.split<Tensor4D>(filter.tensor, edges, 0);
  return tape.record(pieces, [filter], [], (gradients) => {
    if (!filter.needsGradient) return [null];
    return [
      tf.tidy(() =>
        tf.concat(gradients.map((gradient, index) => gradient ?? tf.zerosLike(at(pieces, index, "filters")))),
      ),
    ];
  });
}

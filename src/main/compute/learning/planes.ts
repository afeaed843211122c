import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { Batch } from "#shared/image/batches.ts";

import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";

/** The planes of a batch as tensors `[B, P, P, C]` each. */
export interface OpenPlanes {
  readonly clean: Tensor4D;
  /** What a network reads, by name. */
  readonly read: ReadonlyMap<string, Tensor4D>;
  /** The same as leaves of a tape. */
  leaves(tape: ForwardTape): ReadonlyMap<string, Value>;
  /** Frees the planes. */
  close(): void;
}

/** Opens a batch of `size` patches of `side` pixels for one step; the caller closes it. */
export function openPlanes(batch: Batch, size: number, side: number): OpenPlanes {
  const open = ({ channels, data }: { channels: number; data: Float32Array }): Tensor4D =>
    tf.tensor4d(data, [size, side, side, channels]);
  const clean = open(batch.clean);
  const read: [string, Tensor4D][] = [["noisy", open(batch.noisy)]];
  if (batch.noiseMap !== undefined) read.push(["noise_map", open(batch.noiseMap)]);
  return {
    clean,
    read: new Map(read),
    leaves: (tape) => new Map(read.map(([name, tensor]) => [name, tape.leaf(tensor, false)])),
    close: () => {
      tf.dispose([clean, ...read.map(([, tensor]) => tensor)]);
    },
  };
}

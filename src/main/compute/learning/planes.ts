import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { Batch } from "#shared/image/batches.ts";
import { PLANES } from "#shared/space/graph/frame.ts";

/** The planes of a batch as tensors `[B, P, P, C]` each. */
export interface OpenPlanes {
  readonly clean: Tensor4D;
  /** What a network reads, by name. */
  readonly read: ReadonlyMap<string, Tensor4D>;
  /** Frees the planes. */
  close(): void;
}

/** Opens a batch of `size` patches of `side` pixels for one step; the caller closes it. */
export function openPlanes(batch: Batch, size: number, side: number): OpenPlanes {
  const open = ({ channels, data }: { channels: number; data: Float32Array }): Tensor4D =>
    tf.tensor4d(data, [size, side, side, channels]);
  const clean = open(batch.clean);
  const read: [string, Tensor4D][] = [[PLANES.noisy, open(batch.noisy)]];
  if (batch.noiseMap !== undefined) read.push([PLANES.noiseMap, open(batch.noiseMap)]);
  return {
    clean,
    read: new Map(read),
    close: () => {
      tf.dispose([clean, ...read.map(([, tensor]) => tensor)]);
    },
  };
}

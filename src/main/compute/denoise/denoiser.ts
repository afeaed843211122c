import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D } from "@tensorflow/tfjs-core";

import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, planTiles, sizeTiles } from "#shared/image/tiles.ts";
import { receptiveFieldPx } from "#shared/space/receptiveField.ts";

import type { Kernels } from "#main/compute/engine/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms, foldedParameters } from "#main/compute/network/foldNorms.ts";
import { runNetwork } from "#main/compute/network/network.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { foldedNormalise } from "#main/compute/network/normalise.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";
import type { DenoiseOptions } from "#main/compute/protocol.ts";

import { inferenceBytesPerPixel } from "./inferenceMemory.ts";

/** Called after each tile. */
export type TileListener = (done: number, total: number) => void;

/** A network ready to denoise. Its norms are folded into its filters; `dispose` frees it. */
export class Denoiser {
  readonly #kernels: Kernels;
  readonly #plan: NetworkPlan;
  readonly #parameters: Tensor1D;

  constructor(kernels: Kernels, { plan, parameters, statistics }: TrainedNetwork) {
    this.#kernels = kernels;
    this.#plan = plan;
    this.#parameters = tf.tensor1d(foldNorms(plan, parameters, statistics));
  }

  /**
   * Denoises a photo, colour channel by channel, in overlapping tiles where the memory budget asks for it. Tiles overlap by
   * the receptive field, so the result does not depend on the cut. Clipped to 0..1 once, after blending with the input.
   */
  async denoise(photo: Photo, options: DenoiseOptions, onTile: TileListener): Promise<Photo> {
    const halo = Math.ceil(receptiveFieldPx(this.#plan.genotype) / 2);
    const bytesPerPixel = inferenceBytesPerPixel(this.#plan);
    const { width, height, channels } = photo;
    const tile = sizeTiles({ bytesPerPixel, memoryBudgetMb: options.memoryBudgetMb, halo, width, height });
    const tiles = planTiles({ width, height, tile, halo });
    const planes: Photo[] = [];
    let done = 0;
    for (const plane of splitChannels(photo)) {
      const stitcher = createStitcher(width, height, 1);
      for (const part of tiles) {
        stitcher.add(part, this.#run(crop(plane, part.input)));
        done += 1;
        onTile(done, tiles.length * channels);
        await new Promise((resolve) => setImmediate(resolve));
      }
      planes.push(stitcher.finish());
    }
    return blend(photo, mergeChannels(planes), options.strength);
  }

  dispose(): void {
    this.#parameters.dispose();
  }

  #run({ width, height, data }: Photo): Float32Array {
    const output = tf.tidy(() => {
      const tape = new Tape(this.#kernels, false);
      const { values } = openParameters(tape, foldedParameters(this.#plan), this.#parameters, false);
      const input = tape.leaf(tf.tensor4d(data, [1, height, width, 1]), false);
      const normalise = foldedNormalise(tape, values);
      return runNetwork({ tape, plan: this.#plan, parameters: values, normalise }, input).tensor;
    });
    const result = output.dataSync<"float32">();
    output.dispose();
    return result;
  }
}

/** Moves from the input (strength 0) to the output (1) and clips, in the output's own memory. */
function blend(input: Photo, output: Photo, strength: number): Photo {
  const { data } = output;
  for (let index = 0; index < data.length; index++) {
    const before = input.data[index] ?? 0;
    const after = before + strength * ((data[index] ?? 0) - before);
    data[index] = Math.min(1, Math.max(0, after));
  }
  return output;
}

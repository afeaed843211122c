import * as tf from "@tensorflow/tfjs-core";

import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, planTiles, sizeTiles } from "#shared/image/tiles.ts";
import { receptiveFieldPx } from "#shared/space/receptiveField.ts";

import type { CompiledForward, Forward, Kernels } from "#main/compute/engine/kernels/kernels.ts";
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
  readonly #plan: NetworkPlan;
  readonly #network: CompiledForward;

  constructor(kernels: Kernels, network: TrainedNetwork) {
    this.#plan = network.plan;
    this.#network = compileNetwork(kernels, network);
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
    this.#network.dispose();
  }

  #run({ width, height, data }: Photo): Float32Array {
    const output = tf.tidy(() => this.#network.run(tf.tensor4d(data, [1, height, width, 1])));
    const result = output.dataSync<"float32">();
    output.dispose();
    return result;
  }
}

/** Folds the norms into the filters and prepares the network for tile after tile. */
function compileNetwork(kernels: Kernels, { plan, parameters, statistics }: TrainedNetwork): CompiledForward {
  const folded = tf.tensor1d(foldNorms(plan, parameters, statistics));
  const { values } = openParameters(new Tape(kernels, false), foldedParameters(plan), folded, false);
  const constants = new Map([...values].map(([name, { tensor }]) => [name, tensor]));
  try {
    return kernels.compile(forwardOf(plan), constants);
  } finally {
    tf.dispose([folded, ...constants.values()]);
  }
}

function forwardOf(plan: NetworkPlan): Forward {
  return (kernels, x, constants) => {
    const tape = new Tape(kernels, false);
    const parameters = new Map([...constants].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const normalise = foldedNormalise(tape, parameters);
    return runNetwork({ tape, plan, parameters, normalise }, tape.leaf(x, false)).tensor;
  };
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

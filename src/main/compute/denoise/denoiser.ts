import * as tf from "@tensorflow/tfjs-core";

import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, growWithin, planTiles } from "#shared/image/tiles.ts";
import { marginsOf } from "#shared/space/graph/receptiveField.ts";

import type { CompiledForward, Forward, Kernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms, foldedParameters } from "#main/compute/network/foldNorms.ts";
import { runNetwork } from "#main/compute/network/network.ts";
import type { Trim } from "#main/compute/network/networkPass.ts";
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
   * Denoises a photo, colour channel by channel, in overlapping tiles where the memory budget asks for it. A tile begins with
   * all that its output sees and shrinks from layer to layer, so the result does not depend on the cut. Not clipped.
   */
  async denoise(photo: Photo, options: DenoiseOptions, onTile: TileListener): Promise<Photo> {
    const { width, height, channels } = photo;
    const { input: halo, layers, decoder } = marginsOf(this.#plan.genotype);
    const bytesPerPixel = inferenceBytesPerPixel(this.#plan);
    const { memoryBudgetMb } = options;
    const tiles = planTiles({ width, height, halo, bytesPerPixel, memoryBudgetMb });
    const planes: Photo[] = [];
    let done = 0;
    for (const plane of splitChannels(photo)) {
      const stitcher = createStitcher(width, height, 1);
      for (const { input, output } of tiles) {
        const areas = [halo, ...layers, decoder, 0].map((margin) => growWithin(photo, output, margin));
        stitcher.add(output, this.#run(crop(plane, input), areas));
        done += 1;
        onTile(done, tiles.length * channels);
        await new Promise((resolve) => setImmediate(resolve));
      }
      planes.push(stitcher.finish());
    }
    return mergeChannels(planes);
  }

  dispose(): void {
    this.#network.dispose();
  }

  #run({ width, height, data }: Photo, areas: readonly Rectangle[]): Float32Array {
    const output = tf.tidy(() => this.#network.run(tf.tensor4d(data, [1, height, width, 1]), areas));
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
  return (kernels, x, constants, windows) => {
    const tape = new Tape(kernels, false);
    const parameters = new Map([...constants].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const normalise = foldedNormalise(tape, parameters);
    const trim: Trim = ({ tensor }, from, to) => tape.leaf(kernels.crop(tensor, windows(from, to)), false);
    return runNetwork({ tape, plan, parameters, normalise, trim }, tape.leaf(x, false)).tensor;
  };
}

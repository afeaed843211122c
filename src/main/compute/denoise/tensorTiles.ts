import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";

import type { CompiledForward, Forward, TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import { prepareGraph, runGraph, type Trim } from "#main/compute/network/runGraph.ts";

import type { TiledNetwork, TileRunner } from "./tiles.ts";

/** Prepares a network for tiles by TensorFlow or plain JavaScript. */
export function openTensorTiles(kernels: TrainingKernels, tiled: TiledNetwork): TileRunner {
  const network = compileNetwork(kernels, tiled);
  const planes = inputPlanes(tiled.network.plan);
  return {
    run: async (pictures, areas) => {
      const output = tf.tidy(() => {
        const tensors = planes.map(({ name }, index): [string, Tensor4D] => {
          const { width, height, channels, data } = at(pictures, index, "planes");
          return [name, tf.tensor4d(data, [1, height, width, channels])];
        });
        return network.run(new Map(tensors), areas);
      });
      const result = output.dataSync<"float32">();
      output.dispose();
      return result;
    },
    dispose: () => {
      network.dispose();
    },
  };
}

/** Folds the norms into the filters and prepares the network for tile after tile. */
function compileNetwork(kernels: TrainingKernels, tiled: TiledNetwork): CompiledForward {
  const { plan, parameters, statistics } = tiled.network;
  const flat = tf.tensor1d(foldNorms(tiled.graph, parameters, statistics));
  const { values } = openParameters(new Tape(kernels, false), graphParameters(tiled.folded), flat, false);
  const constants = new Map([...values].map(([name, { tensor }]) => [name, tensor]));
  try {
    return kernels.compile(forwardOf(tiled), constants, inputPlanes(plan));
  } finally {
    tf.dispose([flat, ...constants.values()]);
  }
}

function forwardOf({ folded, trimming }: TiledNetwork): Forward {
  const network = prepareGraph(folded);
  return (kernels, planes, constants, windows) => {
    const tape = new Tape(kernels, false);
    const parameters = new Map([...constants].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const given = new Map([...planes].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const trim: Trim = ({ tensor }, { from, to }) => tape.leaf(kernels.crop(tensor, windows(from, to)), false);
    const pass = { tape, network, parameters, normalise: null, trimming: { plan: trimming, trim } };
    return runGraph(pass, given).tensor;
  };
}

import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import { at } from "#shared/at.ts";
import { isSynthetic, noiseMapOf, type SettledNoise } from "#shared/image/noise.ts";
import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { crop, padToMultiple } from "#shared/image/geometry.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { toGrey } from "#shared/image/grey.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, growWithin, planTiles, type Tile } from "#shared/image/tiles.ts";
import { inputPlanes, PLANES } from "#shared/space/graph/frame.ts";
import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { largestScale, type NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { planTrimming, type Trimming } from "#shared/space/graph/trimming.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import type { CompiledForward, Forward, TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { prepareGraph, runGraph, type Trim } from "#main/compute/network/runGraph.ts";
import type { DenoiseOptions } from "#main/compute/protocol.ts";

/** Called after each tile. */
export type TileListener = (done: number, total: number) => void;

/** A network ready to denoise. Its norms are folded into its filters; `dispose` frees it. */
export class Denoiser {
  readonly #plan: AnyNetworkPlan;
  readonly #trimming: Trimming;
  readonly #scale: number;
  readonly #bytesPerPixel: number;
  readonly #network: CompiledForward;

  constructor(kernels: TrainingKernels, network: TrainedNetwork) {
    const graph = buildNetworkGraph(network.plan);
    const folded = foldGraph(graph);
    this.#plan = network.plan;
    this.#trimming = planTrimming(folded);
    this.#scale = largestScale(folded);
    this.#bytesPerPixel = inferenceBytesPerPixel(folded);
    this.#network = compileNetwork(kernels, network, { graph, folded, trimming: this.#trimming });
  }

  /**
   * Denoises a photo at full strength, in overlapping tiles where the memory budget asks for it; what comes out is not clipped.
   * A tile begins with all that its output sees and shrinks from layer to layer, so the result does not depend on the cut. A
   * network for grey pictures takes a colour photo channel by channel; one for colour takes a grey photo as three equal channels.
   */
  async denoise(photo: Photo, { memoryBudgetMb, noise }: DenoiseOptions, onTile: TileListener): Promise<Photo> {
    const { width, height } = photo;
    // Nobody knows how strong the noise of a camera pair is.
    const isKnown = noise !== undefined && isSynthetic(noise);
    const strength: SettledNoise = isKnown ? noise : { kind: "gaussian", sigma255: estimateSigma255(photo) };
    const pictures = picturesFor(photo, this.#plan.imageChannels).map((picture) => {
      const planes = inputPlanes(this.#plan).map(({ name }) =>
        name === PLANES.noisy ? picture : noiseMapOf(strength, picture),
      );
      return planes.map((plane) => padToMultiple(plane, this.#scale));
    });
    const size = at(at(pictures, 0, "pictures"), 0, "planes");
    const tiles = planTiles({
      width: size.width,
      height: size.height,
      halo: at(this.#trimming.areas, 0, "areas").marginPx,
      step: this.#scale,
      bytesPerPixel: this.#bytesPerPixel,
      memoryBudgetMb,
    });
    const outputs: Photo[] = [];
    for (const [index, planes] of pictures.entries()) {
      const before = index * tiles.length;
      const tell = (done: number): void => onTile(before + done, tiles.length * pictures.length);
      const output = await this.#denoisePlanes(planes, tiles, tell);
      outputs.push(
        output.width === width && output.height === height ? output : crop(output, { x: 0, y: 0, width, height }),
      );
    }
    const whole = outputs.length === 1 ? at(outputs, 0, "outputs") : mergeChannels(outputs);
    return photo.channels === 1 ? toGrey(whole) : whole;
  }

  dispose(): void {
    this.#network.dispose();
  }

  async #denoisePlanes(
    planes: readonly Photo[],
    tiles: readonly Tile[],
    onTile: (done: number) => void,
  ): Promise<Photo> {
    const { width, height, channels } = at(planes, 0, "planes");
    const stitcher = createStitcher(width, height, channels);
    for (const [index, { input, output }] of tiles.entries()) {
      const areas = this.#trimming.areas.map(({ marginPx, scale }) =>
        shrink(growWithin({ width, height }, output, marginPx), scale),
      );
      stitcher.add(
        output,
        this.#run(
          planes.map((plane) => crop(plane, input)),
          areas,
        ),
      );
      onTile(index + 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return stitcher.finish();
  }

  #run(planes: readonly Photo[], areas: readonly Rectangle[]): Float32Array {
    const output = tf.tidy(() => {
      const tensors = inputPlanes(this.#plan).map(({ name }, index): [string, Tensor4D] => {
        const { width, height, channels, data } = at(planes, index, "planes");
        return [name, tf.tensor4d(data, [1, height, width, channels])];
      });
      return this.#network.run(new Map(tensors), areas);
    });
    const result = output.dataSync<"float32">();
    output.dispose();
    return result;
  }
}

/** The pictures that a network is given in turn for one photo. */
function picturesFor(photo: Photo, channels: 1 | 3): readonly Photo[] {
  if (photo.channels === channels) return [photo];
  return channels === 1 ? splitChannels(photo) : [mergeChannels([photo, photo, photo])];
}

/** An area in pixels that are `scale` pixels of the photo wide. */
function shrink({ x, y, width, height }: Rectangle, scale: number): Rectangle {
  return { x: x / scale, y: y / scale, width: width / scale, height: height / scale };
}

interface FoldedNetwork {
  readonly graph: NetworkGraph;
  readonly folded: NetworkGraph;
  readonly trimming: Trimming;
}

/** Folds the norms into the filters and prepares the network for tile after tile. */
function compileNetwork(
  kernels: TrainingKernels,
  { plan, parameters, statistics }: TrainedNetwork,
  { graph, folded, trimming }: FoldedNetwork,
): CompiledForward {
  const flat = tf.tensor1d(foldNorms(graph, parameters, statistics));
  const { values } = openParameters(new Tape(kernels, false), graphParameters(folded), flat, false);
  const constants = new Map([...values].map(([name, { tensor }]) => [name, tensor]));
  try {
    return kernels.compile(forwardOf(folded, trimming), constants, inputPlanes(plan));
  } finally {
    tf.dispose([flat, ...constants.values()]);
  }
}

function forwardOf(graph: NetworkGraph, trimming: Trimming): Forward {
  const network = prepareGraph(graph);
  return (kernels, planes, constants, windows) => {
    const tape = new Tape(kernels, false);
    const parameters = new Map([...constants].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const given = new Map([...planes].map(([name, tensor]) => [name, tape.leaf(tensor, false)]));
    const trim: Trim = ({ tensor }, { from, to }) => tape.leaf(kernels.crop(tensor, windows(from, to)), false);
    const pass = { tape, network, parameters, normalise: null, trimming: { plan: trimming, trim } };
    return runGraph(pass, given).tensor;
  };
}

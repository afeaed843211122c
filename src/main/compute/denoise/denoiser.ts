import { at } from "#shared/at.ts";
import { isMappable, noiseMapOf, type SettledNoise } from "#shared/image/noise.ts";
import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { crop, padToMultiple } from "#shared/image/geometry.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import { toGrey } from "#shared/image/grey.ts";
import type { Photo } from "#shared/image/photo.ts";
import { createStitcher, growWithin, planTiles, type Tile } from "#shared/image/tiles.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { largestScale } from "#shared/space/graph/networkGraph.ts";
import { planTrimming, type Trimming } from "#shared/space/graph/trimming.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import type { DenoiseOptions } from "#main/compute/protocol.ts";

import { openTensorTiles } from "./tensorTiles.ts";
import type { TileEngine, TileRunner } from "./tiles.ts";

/** Called after each tile. */
export type TileListener = (done: number, total: number) => void;

/** A network ready to denoise. Its norms are folded into its filters; `dispose` frees it. */
export class Denoiser {
  readonly #plan: AnyNetworkPlan;
  readonly #trimming: Trimming;
  readonly #scale: number;
  readonly #bytesPerPixel: number;
  readonly #tiles: TileRunner;

  constructor(engine: TrainingKernels | TileEngine, network: TrainedNetwork) {
    const graph = buildNetworkGraph(network.plan);
    const folded = foldGraph(graph);
    this.#plan = network.plan;
    this.#trimming = planTrimming(folded);
    this.#scale = largestScale(folded);
    const factor = "memoryFactor" in engine ? engine.memoryFactor : 1;
    this.#bytesPerPixel = inferenceBytesPerPixel(folded) * factor;
    const tiled = { network, graph, folded, trimming: this.#trimming };
    this.#tiles = "openTiles" in engine ? engine.openTiles(tiled) : openTensorTiles(engine, tiled);
  }

  /**
   * Denoises a photo at full strength, in overlapping tiles where the memory budget asks for it; what comes out is not clipped.
   * A tile begins with all that its output sees and shrinks from layer to layer, so the result does not depend on the cut. A
   * network for grey pictures takes a colour photo channel by channel; one for colour takes a grey photo as three equal channels.
   */
  async denoise(photo: Photo, { memoryBudgetMb, noise }: DenoiseOptions, onTile: TileListener): Promise<Photo> {
    const { width, height } = photo;
    const strength = this.#plan.noiseMap ? strengthOf(photo, noise) : null;
    const pictures = picturesFor(photo, this.#plan.imageChannels).map((picture) => {
      const planes = strength === null ? [picture] : [picture, noiseMapOf(strength, picture)];
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
    this.#tiles.dispose();
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
      const cut = planes.map((plane) => crop(plane, input));
      stitcher.add(output, await this.#tiles.run(cut, areas));
      onTile(index + 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return stitcher.finish();
  }
}

/** The noise that a network is told of; that of cameras, which no map describes, is estimated of the whole photo. */
function strengthOf(photo: Photo, noise: SettledNoise | undefined): SettledNoise {
  const isKnown = noise !== undefined && isMappable(noise);
  return isKnown ? noise : { kind: "gaussian", sigma255: estimateSigma255(photo) };
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

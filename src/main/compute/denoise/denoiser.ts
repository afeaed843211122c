import { at } from "#shared/at.ts";
import { isMappable, noiseMapOf, type SettledNoise } from "#shared/image/noise.ts";
import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { estimateSigma255 } from "#shared/image/estimateSigma.ts";
import { crop } from "#shared/image/geometry.ts";
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

import { type PhotoSource, readPadded } from "./photoSource.ts";
import { openTensorTiles } from "./tensorTiles.ts";
import type { TileEngine, TileRunner } from "./tiles.ts";

/** Gets what came out of a part of a photo, before the next one is begun. */
export type PartListener = (area: Rectangle, part: Photo) => Promise<void>;
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

  /** Denoises a photo in memory; see `denoiseParts`. */
  async denoise(photo: Photo, options: DenoiseOptions, onTile: TileListener): Promise<Photo> {
    const { width, height, channels } = photo;
    const stitcher = createStitcher(width, height, channels);
    const source = { width, height, channels, read: async (area: Rectangle) => crop(photo, area) };
    await this.denoiseParts(source, async (area, part) => stitcher.add(area, part.data), options, onTile);
    return stitcher.finish();
  }

  /**
   * Denoises a photo at full strength, in overlapping tiles where the memory budget asks for it; what comes out is not clipped.
   * A tile begins with all that its output sees and shrinks from layer to layer, so the result does not depend on the cut. A
   * network for grey pictures takes a colour photo channel by channel; one for colour takes a grey photo as three equal channels.
   * No more than a tile of the photo is in memory, but while its noise is estimated.
   */
  async denoiseParts(
    source: PhotoSource,
    onPart: PartListener,
    { memoryBudgetMb, noise }: DenoiseOptions,
    onTile: TileListener,
  ): Promise<void> {
    const strength = this.#plan.noiseMap ? await strengthOf(source, noise) : null;
    const size = { width: toMultiple(source.width, this.#scale), height: toMultiple(source.height, this.#scale) };
    const tiles = this.#planTiles(size, memoryBudgetMb);
    for (const [index, { input, output }] of tiles.entries()) {
      const seen = await readPadded(source, input);
      const pictures = picturesFor(seen, this.#plan.imageChannels);
      const outputs: Photo[] = [];
      for (const [pass, picture] of pictures.entries()) {
        outputs.push(await this.#runTile(picture, strength, output, size));
        onTile(index * pictures.length + pass + 1, tiles.length * pictures.length);
      }
      const whole = outputs.length === 1 ? at(outputs, 0, "outputs") : mergeChannels(outputs);
      const area = growWithin(source, output, 0);
      const kept = crop(whole, { x: 0, y: 0, width: area.width, height: area.height });
      await onPart(area, source.channels === 1 ? toGrey(kept) : kept);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** How many times the pixels of a photo are read by its tiles, whose margins overlap; sides in pixels. */
  countReads(photo: { readonly width: number; readonly height: number }, memoryBudgetMb: number): number {
    const size = { width: toMultiple(photo.width, this.#scale), height: toMultiple(photo.height, this.#scale) };
    const read = this.#planTiles(size, memoryBudgetMb).reduce((sum, { input }) => sum + input.width * input.height, 0);
    return read / (size.width * size.height);
  }

  dispose(): void {
    this.#tiles.dispose();
  }

  #planTiles(size: { readonly width: number; readonly height: number }, memoryBudgetMb: number): Tile[] {
    const halo = at(this.#trimming.areas, 0, "areas").marginPx;
    return planTiles({ ...size, halo, step: this.#scale, bytesPerPixel: this.#bytesPerPixel, memoryBudgetMb });
  }

  async #runTile(
    picture: Photo,
    strength: SettledNoise | null,
    output: Rectangle,
    size: { readonly width: number; readonly height: number },
  ): Promise<Photo> {
    const planes = strength === null ? [picture] : [picture, noiseMapOf(strength, picture)];
    const areas = this.#trimming.areas.map(({ marginPx, scale }) => shrink(growWithin(size, output, marginPx), scale));
    const data = await this.#tiles.run(planes, areas);
    const { width, height } = output;
    const expected = width * height * picture.channels;
    if (data.length !== expected) throw new Error(`denoise: a tile must give ${expected} values, got ${data.length}`);
    return { width, height, channels: picture.channels, data };
  }
}

/** The noise that a network is told of; that of cameras, which no map describes, is estimated of the whole photo. */
async function strengthOf(source: PhotoSource, noise: SettledNoise | undefined): Promise<SettledNoise> {
  if (noise !== undefined && isMappable(noise)) return noise;
  const whole = { x: 0, y: 0, width: source.width, height: source.height };
  return { kind: "gaussian", sigma255: estimateSigma255(await source.read(whole)) };
}

function toMultiple(length: number, step: number): number {
  return Math.ceil(length / step) * step;
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

import type { InferenceSession, Tensor } from "onnxruntime-node";

import type { OnnxDevice } from "#shared/api/denoising.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import type { Crop, Trimming } from "#shared/space/graph/trimming.ts";

import { type OnnxRuntime, openSession } from "#main/compute/engine/onnxRuntime.ts";
import { encodeForTiles } from "#main/compute/network/onnxFile.ts";
import { OUTPUT, windowNames } from "#main/export/buildOnnxModel.ts";

import type { TileEngine } from "./tiles.ts";

/** Measured on a U of 2.6 million parameters and 24 megapixels: it keeps filters' inputs in a layout of its own beside them. */
export const MEMORY_FACTOR = 2.5;

/** Denoises by onnxruntime on a device. A network that it refuses shows with the first tile, as LabError `engine`. */
export function useOnnxRuntime(runtime: OnnxRuntime, device: OnnxDevice = "cpu"): TileEngine {
  return {
    memoryFactor: MEMORY_FACTOR,
    openTiles: ({ network, trimming }) => {
      const planes = inputPlanes(network.plan);
      const crops = listCrops(trimming);
      const session = openSession(runtime, encodeForTiles(network, trimming), device);
      // Told by the tile that waits for it.
      session.catch(() => undefined);
      return {
        run: async (pictures, areas) => {
          const feeds: Record<string, Tensor> = windowTensors(runtime, crops, areas);
          for (const [index, { name }] of planes.entries()) {
            feeds[name] = toTensor(runtime, at(pictures, index, "planes"));
          }
          return runOnce(await session, feeds);
        },
        dispose: () => {
          session.then((open) => open.release()).catch(() => undefined);
        },
      };
    },
  };
}

/** Runs a session once and returns its picture `[height, width, C]`. Throws LabError `engine` where onnxruntime cannot. */
export async function runOnce(
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Float32Array> {
  const outputs = await session.run(feeds, [OUTPUT]).catch((cause: unknown) => {
    const sizes = Object.entries(feeds).map(([name, { dims }]) => `${name} [${dims.join(", ")}]`);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("engine", `onnxruntime cannot run the network on ${sizes.join(", ")}: ${reason}`, { cause });
  });
  const output = outputs[OUTPUT];
  if (output === undefined || !(output.data instanceof Float32Array)) {
    throw new Error(`onnx: the output ${OUTPUT} must be 32-bit floats, got ${output?.type ?? "nothing"}`);
  }
  return toPixels(output.data, at(output.dims, 1, "onnx: channels"));
}

/** Makes the tensor `[1, C, H, W]` of a picture. */
export function toTensor(runtime: OnnxRuntime, { width, height, channels, data }: Photo): Tensor {
  return new runtime.Tensor("float32", toPlanes(data, channels), [1, channels, height, width]);
}

function toPlanes(pixels: Float32Array, channels: number): Float32Array {
  if (channels === 1) return pixels;
  const size = pixels.length / channels;
  const planes = new Float32Array(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < size; i++) planes[channel * size + i] = pixels[i * channels + channel] ?? NaN;
  }
  return planes;
}

function toPixels(planes: Float32Array, channels: number): Float32Array {
  if (channels === 1) return planes;
  const size = planes.length / channels;
  const pixels = new Float32Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < size; i++) pixels[i * channels + channel] = planes[channel * size + i] ?? NaN;
  }
  return pixels;
}

function listCrops({ before, after }: Trimming): readonly Crop[] {
  const all = [...[...before.values()].flat(), ...after.values()].filter((crop) => crop !== null);
  return [...new Map(all.map((crop) => [windowNames(crop).begin, crop])).values()];
}

function windowTensors(
  { Tensor: Int32 }: OnnxRuntime,
  crops: readonly Crop[],
  areas: readonly Rectangle[],
): Record<string, Tensor> {
  const pairs = crops.flatMap((crop) => {
    const [outer, inner] = [at(areas, crop.from, "areas"), at(areas, crop.to, "areas")];
    const [y, x] = [inner.y - outer.y, inner.x - outer.x];
    const { begin, end } = windowNames(crop);
    return [
      [begin, new Int32("int32", Int32Array.of(y, x), [2])],
      [end, new Int32("int32", Int32Array.of(y + inner.height, x + inner.width), [2])],
    ] as const;
  });
  return Object.fromEntries(pairs);
}

import type { DenoiseItem } from "#shared/api/denoising.ts";
import type { Model } from "#shared/api/evaluations.ts";

/** A network in the box for grey pictures that is told the noise. */
export function buildModel(changes: Partial<Model> = {}): Model {
  return {
    id: "aaaa1111",
    source: "shipped",
    runId: null,
    name: "grey",
    genotypeHash: "c0181bc9",
    filters: 20,
    imageChannels: 1,
    noiseMap: true,
    unshuffle: 2,
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    receptiveFieldPx: 21,
    noise: "gaussian-0..50",
    trainedSigma255: { from: 0, to: 50 },
    dataset: "bsd500",
    best: null,
    createdAt: "2026-11-20T10:00:00.000Z",
    ...changes,
  };
}

/** A grey photo that was denoised by it, to look at. */
export function buildItem(changes: Partial<DenoiseItem> = {}): DenoiseItem {
  return {
    index: 0,
    name: "leaf.png",
    source: "/photos/leaf.png",
    model: "aaaa1111",
    why: null,
    isFile: false,
    state: "done",
    error: null,
    engine: "onnxruntime",
    device: "cpu",
    speeds: null,
    remarks: [],
    width: 40,
    height: 30,
    channels: 1,
    bitDepth: 8,
    seconds: 1,
    output: null,
    hasClean: false,
    psnrDb: null,
    estimatedSigma255: 12.3,
    sigma255: null,
    revision: 0,
    ...changes,
  };
}

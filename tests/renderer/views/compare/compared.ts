import type { EvaluationSummary, TrainedModel } from "#shared/api/evaluations.ts";
import type { CompareItem } from "#renderer/views/compare/comparison.ts";

/** Makes a trained network with the smallest figures. */
export function buildModel(runId: string, changes: Partial<TrainedModel> = {}): TrainedModel {
  return {
    id: runId,
    source: "training",
    imageChannels: 1,
    noiseMap: false,
    unshuffle: 1,
    trainedSigma255: null,
    runId,
    name: `Network ${runId}`,
    genotypeHash: "c0181bc9",
    filters: 20,
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    receptiveFieldPx: 21,
    noise: "gaussian-30",
    dataset: "bsd500",
    best: { step: 10, psnrDb: 26, ssim: 0.7 },
    createdAt: "2026-11-20T10:00:00.000Z",
    ...changes,
  };
}

/** Makes what is compared of a trained network. */
export function buildItem(model: TrainedModel): CompareItem {
  const { name, genotypeHash: hash, filters, parameters, multiplyAddsPerPixel, receptiveFieldPx, runId } = model;
  return { key: `model:${runId}`, name, hash, filters, parameters, multiplyAddsPerPixel, receptiveFieldPx, model };
}

/** Makes an evaluation of a training on Set12 at sigma 25. */
export function buildEvaluation(
  runId: string,
  psnrDb: number,
  changes: Partial<EvaluationSummary> = {},
): EvaluationSummary {
  const scores = { psnrDb, ssim: 0.8, psnr8BitDb: psnrDb, ssim8Bit: 0.8, haarPsi: 0.7 };
  return {
    id: `${runId}-${psnrDb}`,
    runId,
    runName: `Network ${runId}`,
    genotypeHash: "c0181bc9",
    recipe: { name: "whole/gaussian-25", noise: "gaussian-25", noiseSeed: 0, clipped: true, channels: "grey" },
    dataset: "set12",
    photos: 12,
    mean: { noisy: scores, blurred: scores, denoised: scores },
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    megapixelsPerSecond: 0.2,
    peakResidentMb: 800,
    engine: "test",
    evaluatedAt: "2026-11-20T10:00:00.000Z",
    hasPictures: true,
    ...changes,
  };
}

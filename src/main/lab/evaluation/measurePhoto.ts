import { rm } from "node:fs/promises";

import type { ComputeFunctions } from "#main/compute/protocol.ts";
import type { PixelFile } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import type { TestPart } from "#main/photos/threads/testPhoto.ts";
import type { NamedPhoto, Photo } from "#shared/image/photo.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation, Versions } from "#shared/runs/evaluation.ts";

import { denoisePhoto } from "#main/lab/denoising/denoisePhoto.ts";
import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import type { BaselineMeter } from "./baselines.ts";
import { meanVersions, spreadOfVersions } from "./spread.ts";

/** What a photo gave: the means over the noise seeds, and each seed's scores. */
export interface MeasuredPhoto {
  readonly figures: Evaluation["images"][number];
  readonly seeds: readonly Versions[];
}

/** What a photo is measured with. */
export interface MeasureTools {
  readonly compute: Pick<ComputeFunctions, "denoise">;
  readonly baselines: BaselineMeter;
  /** Where pixels lie on their way to the compute process and back. */
  readonly work: Pick<WorkFolder, "newFile">;
}

/**
 * Measures the network that is loaded on one photo, for every noise seed; the baselines get the same noisy pixels. `denoised`
 * is the result for the first seed, clipped.
 */
export async function measurePhoto(
  tools: MeasureTools,
  photo: NamedPhoto,
  config: EvaluationConfig,
): Promise<MeasuredPhoto & { readonly denoised: Photo }> {
  const { clean, name } = photo;
  const seeds: { readonly versions: Versions; readonly seconds: number }[] = [];
  let first: Photo | null = null;
  for (let index = 0; index < config.noiseSeeds; index += 1) {
    const { denoised, ...measured } = await measureSeed(tools, photo, config, index);
    first ??= denoised;
    seeds.push(measured);
  }
  if (first === null) throw new Error("evaluation: there must be at least one noise seed");
  const versions = seeds.map((each) => each.versions);
  const seconds = seeds.reduce((sum, each) => sum + each.seconds, 0) / seeds.length;
  const size = { width: clean.width, height: clean.height };
  return {
    figures: { name, ...size, ...meanVersions(versions), ...spreadOfVersions(versions), seconds },
    seeds: versions,
    denoised: first,
  };
}

async function measureSeed(
  { compute, baselines, work }: MeasureTools,
  photo: NamedPhoto,
  config: EvaluationConfig,
  seed: number,
): Promise<{ readonly versions: Versions; readonly denoised: Photo; readonly seconds: number }> {
  const { noise, protocol } = config;
  const stem = await work.newFile("");
  const wish = { noise, protocol, noiseSeed: config.noiseSeed + seed };
  const { parts, noisy, ...told } = await inThread("prepareTest", photo, wish, stem);
  const outputs: { readonly area: TestPart["area"]; readonly output: PixelFile }[] = [];
  try {
    let seconds = 0;
    for (const { area, input, noise: known } of parts) {
      const result = await denoisePhoto(compute, input, `${input.file}.out`, { ...config, noise: known });
      outputs.push({ area, output: result.output });
      seconds += result.seconds;
    }
    const { clean } = photo;
    const scored = await inThread("scoreTest", clean, noisy, outputs);
    await baselines.measure({ clean, noisy, seed, ...told });
    return { ...scored, seconds };
  } finally {
    const files = [...parts.map(({ input }) => input.file), ...parts.map(({ input }) => `${input.file}.out`)];
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

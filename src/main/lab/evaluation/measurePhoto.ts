import { rm } from "node:fs/promises";

import type { ComputeFunctions } from "#main/compute/protocol.ts";
import { countBytes, type PixelFile } from "#main/files/pixelFile.ts";
import { loadNamed, type PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import type { DatasetPhoto } from "#main/photos/scanDataset.ts";
import { inThread, makeTogether } from "#main/photos/threads/inThread.ts";
import { type Later, later, partOf } from "#main/photos/threads/later.ts";
import type { TestPart } from "#main/photos/threads/testPhoto.ts";
import { at } from "#shared/at.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Evaluation, Versions } from "#shared/runs/evaluation.ts";

import { denoisePhoto } from "#main/lab/denoising/denoisePhoto.ts";
import type { WorkFolder } from "#main/lab/tasks/workFolder.ts";

import type { BaselineMeter } from "./baselines.ts";
import { meanVersions, spreadOfVersions } from "./spread.ts";

/** Photos of the test's size that are in memory while scores are computed: clean, noisy, denoised. */
const VERSIONS_AT_ONCE = 3;

/** What a photo gave: the means over the noise seeds, and each seed's scores. */
export interface MeasuredPhoto {
  readonly figures: Evaluation["images"][number];
  readonly seeds: readonly Versions[];
}

/** What a photo is measured with. */
export interface MeasureTools {
  readonly compute: Pick<ComputeFunctions, "denoise">;
  readonly baselines: BaselineMeter;
  readonly photos: PhotoReader;
  /** As the network takes photos. */
  readonly channels: 1 | 3;
  /** Where pixels lie on their way to the compute process and back. */
  readonly work: Pick<WorkFolder, "newFile">;
  /** Keeps the result for the first noise seed, clipped; null where nobody wants it. */
  readonly keep: ((denoised: Later<Photo>) => Promise<void>) | null;
}

/** What one noise seed gave. */
interface MeasuredSeed {
  readonly size: { readonly width: number; readonly height: number };
  readonly versions: Versions;
  readonly seconds: number;
}

/** Measures the network that is loaded on one photo, for every noise seed; the baselines get the same noisy pixels. */
export async function measurePhoto(
  tools: MeasureTools,
  photo: DatasetPhoto,
  config: EvaluationConfig,
): Promise<MeasuredPhoto> {
  const seeds: MeasuredSeed[] = [];
  for (let index = 0; index < config.noiseSeeds; index += 1) seeds.push(await measureSeed(tools, photo, config, index));
  const { size } = at(seeds, 0, "evaluation: noise seed");
  const versions = seeds.map((each) => each.versions);
  const seconds = seeds.reduce((sum, each) => sum + each.seconds, 0) / seeds.length;
  return {
    figures: { name: photo.name, ...size, ...meanVersions(versions), ...spreadOfVersions(versions), seconds },
    seeds: versions,
  };
}

async function measureSeed(
  { compute, photos, channels, baselines, work, keep }: MeasureTools,
  photo: DatasetPhoto,
  config: EvaluationConfig,
  seed: number,
): Promise<MeasuredSeed> {
  const { noise, protocol } = config;
  const stem = await work.newFile("");
  const wish = { noise, protocol, noiseSeed: config.noiseSeed + seed };
  const { parts, clean, noisy, ...told } = await keepRoom(async () =>
    inThread("prepareTest", await loadNamed(photo, channels, photos), wish, stem),
  );
  const { width, height } = clean;
  const denoisedFile = `${stem}-denoised.f32`;
  const outputs: { readonly area: TestPart["area"]; readonly output: PixelFile }[] = [];
  try {
    let seconds = 0;
    for (const { area, input, noise: known } of parts) {
      const result = await denoisePhoto(compute, input, `${input.file}.out`, { ...config, noise: known });
      outputs.push({ area, output: result.output });
      seconds += result.seconds;
    }
    const isKept = keep !== null && seed === 0;
    const { versions, denoised } = await keepRoom(async () => {
      await takeRoom(VERSIONS_AT_ONCE * countBytes(clean));
      const scored = later("scoreTest", clean, noisy, outputs);
      const kept = isKept ? later("writePixels", denoisedFile, partOf(scored, "denoised")) : null;
      return makeTogether({ versions: partOf(scored, "versions"), denoised: kept });
    });
    if (isKept && denoised !== null) await keep(later("readPixels", denoised, { x: 0, y: 0, width, height }));
    await baselines.measure({ clean, noisy, seed, ...told });
    return { size: { width, height }, versions, seconds };
  } finally {
    const inputs = parts.map(({ input }) => input.file);
    const files = [...inputs, ...inputs.map((file) => `${file}.out`), clean.file, noisy.file, denoisedFile];
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

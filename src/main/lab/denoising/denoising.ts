import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";

import type { ComputeFunctions, ComputeListener } from "#main/compute/protocol.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import type { DenoisedFile, DenoiseInput, DenoiseProgress } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";
import { toNoisy } from "#shared/image/addNoise.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { type PlannedFile, planDenoise } from "./denoisePlan.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { findModel, hashModel } from "#main/lab/models/models.ts";
import { useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

/** Troubles that every further file would meet too. */
const ENDS_ALL: ReadonlySet<LabError["kind"]> = new Set(["engine", "interrupted", "disk"]);

/**
 * Denoises photos and folders of photos. Sources are never overwritten, results that exist already are passed over, and a
 * photo that cannot be done is told and does not stop the others. Throws LabError where nothing can be done at all.
 */
export async function denoise(
  context: LabContext,
  input: DenoiseInput,
  onProgress: (progress: DenoiseProgress) => void,
): Promise<readonly DenoisedFile[]> {
  const model = await findModel(context, input.model);
  const planned = await planDenoise(input, await hashModel(model));
  const done: DenoisedFile[] = [];
  let tell: ComputeListener["onTile"] = () => undefined;
  return useTaskCompute(context, null, { onTile: (tiles, total) => tell(tiles, total) }, async (lease) => {
    const compute = await lease.getCompute();
    await compute.loadNetwork(model.checkpointFile);
    for (const file of planned) {
      tell = (tilesDone, tilesTotal) =>
        onProgress({ file: file.source, filesDone: done.length, filesTotal: planned.length, tilesDone, tilesTotal });
      tell(0, 1);
      done.push(await denoiseOrTell(context, compute, file, input));
    }
    return done;
  });
}

/** Denoises one file into another. What is wrong with this file alone is told in the result; throws what ends all. */
export async function denoiseOrTell(
  context: LabContext,
  compute: ComputeFunctions,
  file: PlannedFile,
  input: Omit<DenoiseInput, "model" | "inputs" | "outputFolder">,
): Promise<DenoisedFile> {
  const { source, output, problem } = file;
  const nothing = { source, output: null, error: null, errorKind: null, skipped: false, seconds: 0, megapixels: 0 };
  if (problem !== null) return { ...nothing, error: problem, errorKind: "bad_config" };
  try {
    if (existsSync(output)) {
      context.log(`${source}: ${basename(output)} is there already`);
      return { ...nothing, output, skipped: true };
    }
    return { ...nothing, output, ...(await denoiseFile(compute, file, input)) };
  } catch (error) {
    if (!isOfOnePhoto(error)) throw error;
    return { ...nothing, error: error.message, errorKind: error.kind };
  }
}

/** Tells whether trouble with one photo leaves hope for the next. */
export function isOfOnePhoto(error: unknown): error is LabError {
  return error instanceof LabError && !ENDS_ALL.has(error.kind);
}

async function denoiseFile(
  compute: ComputeFunctions,
  { source, output }: PlannedFile,
  input: Parameters<typeof denoiseOrTell>[3],
): Promise<Pick<DenoisedFile, "seconds" | "megapixels">> {
  const decoded = await decodePhoto(source);
  const { photo } = decoded;
  const random = createRandom(0, "denoise", basename(source));
  const noisy = input.addNoise === null ? photo : toNoisy({ name: source, clean: photo }, input.addNoise, random);
  const start = performance.now();
  const clean = await compute.denoise(noisy, { memoryBudgetMb: input.memoryBudgetMb, strength: input.strength });
  const seconds = (performance.now() - start) / 1000;
  await mkdir(dirname(output), { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${dirname(output)}`, cause);
  });
  const options = { file: output, format: input.format, bitDepth: input.bitDepth, overwrite: false };
  await encodePhoto({ ...decoded, photo: clean }, options);
  return { seconds, megapixels: (photo.width * photo.height) / 1e6 };
}

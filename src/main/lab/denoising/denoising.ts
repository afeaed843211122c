import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";

import type { ComputeFunctions, ComputeListener } from "#main/compute/protocol.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { encodePhoto } from "#main/photos/encodePhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import type { DenoisedFile, DenoiseInput, DenoiseProgress } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";
import { blend } from "#shared/image/blend.ts";

import { findModel, hashModel, type ModelContext } from "#main/lab/models/models.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

import { countPasses, denoisePhoto, markOf, prepareInput, replacePixels } from "./denoisePhoto.ts";
import { expandInput, type InputFile, type PlannedFile, planDenoise, type Saving } from "./denoisePlan.ts";

/** What photos are denoised into files with. */
export interface DenoiseFilesContext {
  readonly log: (line: string) => void;
  readonly photos: PhotoReader;
}

/** Troubles that every further file would meet too. */
const ENDS_ALL: ReadonlySet<LabError["kind"]> = new Set(["engine", "interrupted", "disk"]);

/**
 * Denoises photos and folders of photos. Sources are never overwritten, results that exist already are passed over, and a
 * photo that cannot be done is told and does not stop the others. Throws LabError where nothing can be done at all.
 */
export async function denoise(
  context: DenoiseFilesContext & ModelContext & TaskComputeContext,
  input: DenoiseInput,
  onProgress: (progress: DenoiseProgress) => void,
): Promise<readonly DenoisedFile[]> {
  const model = await findModel(context, input.model);
  const files: InputFile[] = [];
  for (const each of input.inputs) files.push(...(await expandInput(each)));
  const planned = planDenoise(files, input.outputFolder, input, markOf(await hashModel(model), input));
  const done: DenoisedFile[] = [];
  let tell: ComputeListener["onTile"] = () => undefined;
  return useTaskCompute(context, null, { onTile: (tiles, total) => tell(tiles, total) }, async (lease) => {
    const compute = await lease.getCompute();
    const { imageChannels } = (await compute.loadNetwork(model.checkpointFile)).network;
    for (const file of planned) {
      tell = countPasses(input, (tilesDone, tilesTotal) =>
        onProgress({ file: file.source, filesDone: done.length, filesTotal: planned.length, tilesDone, tilesTotal }),
      );
      tell(0, 1);
      done.push(await denoiseOrTell(context, compute, file, { ...input, imageChannels }));
    }
    return done;
  });
}

/** How a file is denoised by the network that is loaded. */
export interface FileSaving extends Saving, Pick<DenoiseInput, "memoryBudgetMb" | "selfEnsemble"> {
  /** Of the pictures that the network takes. */
  readonly imageChannels: 1 | 3;
}

/** Denoises one file into another. What is wrong with this file alone is told in the result; throws what ends all. */
export async function denoiseOrTell(
  context: DenoiseFilesContext,
  compute: ComputeFunctions,
  file: PlannedFile,
  saving: FileSaving,
): Promise<DenoisedFile> {
  const { source, output, problem } = file;
  const nothing = { source, output: null, error: null, errorKind: null, skipped: false, seconds: 0, megapixels: 0 };
  if (problem !== null) return { ...nothing, error: problem, errorKind: "bad_config" };
  try {
    if (existsSync(output)) {
      context.log(`${source}: ${basename(output)} is there already`);
      return { ...nothing, output, skipped: true };
    }
    return { ...nothing, output, ...(await denoiseFile(context, compute, file, saving)) };
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
  { photos }: DenoiseFilesContext,
  compute: ComputeFunctions,
  { name, source, output: file }: PlannedFile,
  saving: FileSaving,
): Promise<Pick<DenoisedFile, "seconds" | "megapixels">> {
  const decoded = await photos.decode(source);
  const { memoryBudgetMb, selfEnsemble, strength, format, bitDepth, imageChannels } = saving;
  const { input, noise } = prepareInput(name, decoded.photo, saving, imageChannels);
  const { output, seconds } = await denoisePhoto(compute, input, { memoryBudgetMb, noise, selfEnsemble });
  await mkdir(dirname(file), { recursive: true }).catch((cause: unknown) => {
    throw toDiskError(`create ${dirname(file)}`, cause);
  });
  const result = replacePixels(decoded, blend(input, output, strength));
  await encodePhoto(result, { file, format, bitDepth, overwrite: false });
  return { seconds, megapixels: (input.width * input.height) / 1e6 };
}

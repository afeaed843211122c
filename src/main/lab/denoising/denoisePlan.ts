import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import { extensionOf } from "#main/photos/photoFormat.ts";
import type { DenoiseInput } from "#shared/api/denoising.ts";

/** A photo to denoise and the file that the result goes to; `problem` tells why it cannot be done. */
export interface PlannedFile {
  readonly source: string;
  readonly output: string;
  readonly problem: string | null;
}

/** What decides which results there will be. */
export type PlanInput = Omit<DenoiseInput, "model" | "memoryBudgetMb" | "bitDepth">;

/**
 * Lists what is to be denoised, in order, with the name of each result: `<name>_hinas-<hash>.<ext>`, beside the source or
 * in the output folder with the tree below each input folder kept. Throws LabError where an input cannot be found.
 */
export async function planDenoise(input: PlanInput, modelHash: string): Promise<readonly PlannedFile[]> {
  const planned: PlannedFile[] = [];
  const takenBy = new Map<string, string>();
  for (const each of input.inputs) {
    for (const { source, root } of await expand(resolve(each))) {
      const output = nameResult(source, root, input, modelHash);
      const rival = takenBy.get(output);
      if (rival === source) continue;
      takenBy.set(output, rival ?? source);
      planned.push({ source, output, problem: rival === undefined ? null : `${rival} already gives ${output}` });
    }
  }
  return planned;
}

/** An input folder's photos, or the one photo; `root` is where the tree that is kept begins. */
async function expand(path: string): Promise<readonly { readonly source: string; readonly root: string }[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw toDiskError(`denoise ${path}`, cause);
  });
  if (!found.isDirectory()) return [{ source: path, root: dirname(path) }];
  const { photos } = await listPhotos(path);
  return photos.map(({ file }) => ({ source: file, root: path }));
}

function nameResult(source: string, root: string, input: PlanInput, modelHash: string): string {
  const { outputFolder, format, strength, addNoise } = input;
  const folder = outputFolder === null ? dirname(source) : join(outputFolder, relative(root, dirname(source)));
  const extension = extname(source);
  const stem = basename(source, extension);
  const strengthPart = strength === 1 ? "" : `-s${strength}`;
  const noisePart = addNoise === null ? "" : "-noisy";
  const newExtension = format === null ? extension : extensionOf(format);
  return resolve(folder, `${stem}_hinas-${modelHash}${strengthPart}${noisePart}${newExtension}`);
}

import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { listPhotos } from "#main/photos/listPhotos.ts";
import { extensionOf } from "#main/photos/photoFormat.ts";
import type { DenoiseInput } from "#shared/api/denoising.ts";
import type { SavingOptions } from "#shared/api/saving.ts";

/** A photo file that is to be denoised. */
export interface InputFile {
  /** Below the folder that was given, or the file's own name: what its noise is drawn by. */
  readonly name: string;
  readonly file: string;
  /** Where the tree begins that is kept in an output folder. */
  readonly root: string;
}

/** A photo to denoise and the file that the result goes to; `problem` tells why it cannot be done. */
export interface PlannedFile {
  readonly name: string;
  readonly source: string;
  readonly output: string;
  readonly problem: string | null;
}

/** How results are written. */
export type Saving = SavingOptions & Pick<DenoiseInput, "addNoise" | "noiseSeed" | "sigma255">;

/** Lists a folder's photos, or the one photo. Throws LabError where there is none. */
export async function expandInput(input: string): Promise<readonly InputFile[]> {
  const path = resolve(input);
  const found = await stat(path).catch((cause: unknown) => {
    throw toDiskError(`denoise ${path}`, cause);
  });
  if (!found.isDirectory()) return [toInputFile(basename(path), path)];
  return (await listPhotos(path)).photos.map(({ name, file }) => ({ name, file, root: path }));
}

/** A single file, which lies in no tree. */
export function toInputFile(name: string, file: string): InputFile {
  return { name, file, root: dirname(file) };
}

/** Names the result of a photo by the mark of its model; null for a photo that was given before. */
export type PlanFile = (input: InputFile, mark: string) => PlannedFile | null;

/**
 * Begins to name results, in order: `<name>_hinas-<mark>.<ext>`, beside the source or in the output folder with the tree
 * below each input folder kept. A photo that was given twice is done once, and no two give the same file.
 */
export function startPlan(outputFolder: string | null, saving: Saving): PlanFile {
  const takenBy = new Map<string, string>();
  return (input, mark) => {
    const { name, file: source } = input;
    const output = nameResult(input, outputFolder, saving, mark);
    const rival = takenBy.get(output);
    if (rival === source) return null;
    takenBy.set(output, rival ?? source);
    return { name, source, output, problem: rival === undefined ? null : `${rival} already gives ${output}` };
  };
}

/** Names the result of each photo by one model, as `startPlan` says. */
export function planDenoise(
  files: readonly InputFile[],
  outputFolder: string | null,
  saving: Saving,
  mark: string,
): readonly PlannedFile[] {
  const plan = startPlan(outputFolder, saving);
  return files.flatMap((file) => plan(file, mark) ?? []);
}

function nameResult(
  { file, root }: InputFile,
  outputFolder: string | null,
  { format, strength, addNoise }: Saving,
  mark: string,
): string {
  const folder = outputFolder === null ? dirname(file) : join(outputFolder, relative(root, dirname(file)));
  const extension = extname(file);
  const stem = basename(file, extension);
  const strengthPart = strength === 1 ? "" : `-s${strength}`;
  const noisePart = addNoise === null ? "" : "-noisy";
  const newExtension = format === null ? extension : extensionOf(format);
  return resolve(folder, `${stem}_hinas-${mark}${strengthPart}${noisePart}${newExtension}`);
}

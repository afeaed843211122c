import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { onTestFinished } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";

/** The compute process of these tests: it keeps the protocol without an engine. */
export const SCRIPTED_WORKER = join(process.cwd(), "tests/helpers/scriptedWorker.ts");

type OnEnd = (cleanUp: () => Promise<void>) => void;

/** Makes an empty folder that is removed at the test's end, or when the caller says. */
export async function makeFolder(onEnd: OnEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-lab-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a lab that is closed at the test's end, or when the caller says, with what it said so far. */
export function openLab(
  home: string,
  onEnd: OnEnd = onTestFinished,
): { readonly lab: Lab; readonly said: readonly string[] } {
  const said: string[] = [];
  const lab = createLab({ home, log: (line) => said.push(line), computeEntry: SCRIPTED_WORKER });
  onEnd(() => lab.close());
  return { lab, said };
}

/** Opens a lab with its real compute process and these models in the box; it is closed at the test's end, or when the caller says. */
export function openLabWithBox(
  home: string,
  shippedModelsFolder: string,
  onEnd: OnEnd = onTestFinished,
): { readonly lab: Lab; readonly said: readonly string[] } {
  const said: string[] = [];
  const lab = createLab({ home, shippedModelsFolder, log: (line) => said.push(line) });
  onEnd(() => lab.close());
  return { lab, said };
}

/** Writes grey gradients with some texture, each of its own kind, as 8-bit PNG files. */
export async function writePhotos(folder: string, count: number, side = 24): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i += 1) {
    const values = Uint8Array.from({ length: side * side }, (_, p) => 60 + ((p * (i + 3)) % 97) + (p % side));
    const picture = sharp(values, { raw: { width: side, height: side, channels: 1 } }).toColourspace("b-w");
    await picture.png().toFile(join(folder, `photo-${String(i).padStart(2, "0")}.png`));
  }
  return folder;
}

/** Writes colour gradients with some texture, each of its own kind, as 8-bit PNG files. Names count from colour-00.png. */
export async function writeColourPhotos(folder: string, count: number, side = 24): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i += 1) {
    const values = Uint8Array.from({ length: side * side * 3 }, (_, p) => 40 + ((p * (i + 5)) % 149) + (p % side));
    const picture = sharp(values, { raw: { width: side, height: side, channels: 3 } });
    await picture.png().toFile(join(folder, `colour-${String(i).padStart(2, "0")}.png`));
  }
  return folder;
}

/** Writes many photos at once by copying a few. Names count from photo-0000.png. */
export async function writeManyPhotos(folder: string, count: number): Promise<string> {
  const kinds = 5;
  await writePhotos(folder, kinds, 16);
  const files = Array.from({ length: kinds }, (_, kind) => join(folder, `photo-0${kind}.png`));
  const few = await Promise.all(files.map((file) => readFile(file)));
  await Promise.all(files.map((file) => rm(file)));
  const write = (index: number) =>
    writeFile(join(folder, `photo-${String(index).padStart(4, "0")}.png`), few[index % kinds] ?? "");
  await Promise.all(Array.from({ length: count }, (_, index) => write(index)));
  return folder;
}

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import sharp from "sharp";

/** Lets all processes of trials share what V8 made of the program's code, which is half of what it takes to start them. */
export function shareCompiledCode(): void {
  process.env["NODE_COMPILE_CACHE"] ??= resolve("node_modules/.cache/hinas-trials");
}

/** Does work in a folder of its own, which is removed afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-trial-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes grey pictures with some texture, each of its own kind, as 8-bit PNG files. */
export async function writePhotos(folder: string, count: number, side: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const values = Uint8Array.from({ length: side * side }, (_, p) => 60 + ((p * (index + 3)) % 97) + (p % side));
    const picture = sharp(values, { raw: { width: side, height: side, channels: 1 } }).toColourspace("b-w");
    await picture.png().toFile(join(folder, `photo-${index}.png`));
  }
  return folder;
}

import { rm } from "node:fs/promises";
import { join } from "node:path";

import { type DownloadOptions, downloadWheel } from "./downloadWheel.ts";
import type { KnownWheel } from "./knownWheels.ts";
import { type UnpackedFile, unpackWheel } from "./unpackWheel.ts";

/** Downloads CUDA's wheels and takes their shared libraries to `deps/nvidia` in the engine's folder. Returns the libraries. Throws LabError `engine`. */
export async function unpackCuda(
  wheels: readonly KnownWheel[],
  engineFolder: string,
  options: DownloadOptions,
): Promise<readonly UnpackedFile[]> {
  const files: UnpackedFile[] = [];
  for (const known of wheels) {
    const wheel = await downloadWheel(known, options);
    const place = (entry: string): string | null => (/^nvidia\/.*\.so[.\d]*$/.test(entry) ? `deps/${entry}` : null);
    files.push(...(await unpackWheel(wheel, engineFolder, place)));
    await rm(wheel);
  }
  return files;
}

/** The environment in which TensorFlow finds CUDA's libraries, which lie in folders of their own. */
export function withLibraryFolders(
  env: NodeJS.ProcessEnv,
  engineFolder: string,
  libraryFolders: readonly string[],
): NodeJS.ProcessEnv {
  if (libraryFolders.length === 0) return env;
  const folders = libraryFolders.map((folder) => join(engineFolder, folder));
  return { ...env, LD_LIBRARY_PATH: [...folders, ...(env.LD_LIBRARY_PATH?.split(":") ?? [])].join(":") };
}

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { type DownloadOptions, downloadWheel } from "./downloadWheel.ts";
import { type UnpackedFile, unpackWheel } from "./unpackWheel.ts";

const CUDA_REQUIREMENT = /^Requires-Dist: (nvidia-[^;\n]+?) *; *extra == "and-cuda"/gm;

/**
 * Downloads every nvidia wheel that TensorFlow's own wheel names for CUDA and takes their shared libraries to
 * `deps/nvidia` in the engine's folder. Returns the libraries. Throws LabError `engine`.
 */
export async function unpackCuda(
  tensorflowWheel: string,
  engineFolder: string,
  options: DownloadOptions,
): Promise<readonly UnpackedFile[]> {
  const files: UnpackedFile[] = [];
  for (const requirement of await readCudaRequirements(tensorflowWheel, options.workFolder)) {
    const wheel = await downloadWheel(requirement, options);
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

async function readCudaRequirements(wheel: string, workFolder: string): Promise<readonly string[]> {
  await unpackWheel(wheel, workFolder, (entry) => (entry.endsWith(".dist-info/METADATA") ? "METADATA" : null));
  const metadata = await readFile(join(workFolder, "METADATA"), "utf8");
  return [...metadata.matchAll(CUDA_REQUIREMENT)].flatMap(([, requirement]) => requirement ?? []);
}

import { lstat } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

import { LabError } from "#shared/labError.ts";

import { getAddonFile } from "./engineCache.ts";
import { runTool, toToolError } from "./runTool.ts";

const INSTALLER_TIMEOUT_MS = 30 * 60_000;

/** The folder of the installed tfjs-node-gpu package. */
export function findEnginePackage(): string {
  return dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json"));
}

/** True where the package holds an addon file of its own, not a link that an older version of this program made. */
export async function hasOwnAddon(packageFolder: string): Promise<boolean> {
  const found = await lstat(getAddonFile(packageFolder)).catch(() => null);
  return found?.isFile() ?? false;
}

/** Runs the package's own installer, which downloads TensorFlow 2.9.1 and an addon that nobody checks. Throws LabError `engine` where it fails. */
export async function runPackageInstaller(
  packageFolder: string,
  hasNvidiaGpu: boolean,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | null,
): Promise<void> {
  const binFolder = join(packageFolder, "..", "..", ".bin");
  const args = ["scripts/install.js", hasNvidiaGpu ? "gpu" : "cpu", "download"];
  const result = await runTool(process.execPath, args, {
    cwd: packageFolder,
    env: { ...env, PATH: [binFolder, env.PATH].join(delimiter), ELECTRON_RUN_AS_NODE: "1" },
    timeoutMs: INSTALLER_TIMEOUT_MS,
    signal,
  });
  if (!result.ok) throw toToolError("the installer failed", result);
  if (!(await hasOwnAddon(packageFolder))) throw new LabError("engine", "the installer ended without an addon");
}

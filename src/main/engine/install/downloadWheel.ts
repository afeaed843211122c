import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "#shared/labError.ts";

import { runTool, toToolError } from "./runTool.ts";

export interface DownloadOptions {
  /** A Python that has pip. */
  readonly python: string;
  /** Takes a folder per wheel. */
  readonly workFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** Ends the download. */
  readonly signal: AbortSignal | null;
}

/** Only libraries are taken from a wheel, so any Python's wheel serves; this one is asked for where the local Python has none. */
const OTHER_PYTHON = ["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"];
const WHEEL_ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
const TIMEOUT_MS = 30 * 60_000;

/** Downloads one wheel by pip, from whatever index pip is set up for. Returns its path. Throws LabError `engine` with pip's words. */
export async function downloadWheel(requirement: string, options: DownloadOptions): Promise<string> {
  const startedAt = performance.now();
  const folder = join(options.workFolder, requirement.replace(/[^\w-].*/, ""));
  const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest", folder];
  const toolOptions = { env: options.env, timeoutMs: TIMEOUT_MS, signal: options.signal };
  const local = await runTool(options.python, [...pip, requirement], toolOptions);
  if (!local.ok) {
    const platform = `manylinux_2_27_${WHEEL_ARCHITECTURES[process.arch] ?? process.arch}`;
    const args = [...pip, ...OTHER_PYTHON, "--platform", platform, requirement];
    const other = await runTool(options.python, args, toolOptions);
    if (!other.ok) throw toToolError(`pip could not download ${requirement}`, other);
  }
  const name = (await readdir(folder)).find((candidate) => candidate.endsWith(".whl"));
  if (name === undefined) throw new LabError("engine", `pip download ${requirement}: expected a wheel, got none`);
  const megabytes = Math.round((await stat(join(folder, name))).size / 1e6);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  options.log(`downloaded ${name} (${megabytes} MB, ${seconds} s)`);
  return join(folder, name);
}

import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "#shared/labError.ts";

import type { KnownWheel } from "./knownWheels.ts";
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
const OTHER_PYTHON = ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"];
/** The tags under which Linux wheels are published, newest first; pip takes each as it is said. */
const WHEEL_PLATFORMS = ["manylinux_2_27", "manylinux_2_17", "manylinux2014"];
const WHEEL_ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
const TIMEOUT_MS = 30 * 60_000;

/**
 * Downloads one wheel by pip, from whatever index pip is set up for, and lets pip refuse what has none of its hashes. No
 * package's code is run. Returns the wheel's path. Throws LabError `engine` with pip's words.
 */
export async function downloadWheel({ requirement, sha256 }: KnownWheel, options: DownloadOptions): Promise<string> {
  const startedAt = performance.now();
  const folder = join(options.workFolder, requirement.replace(/[^\w-].*/, ""));
  await mkdir(folder, { recursive: true });
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, [requirement, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(" "));
  const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--only-binary=:all:"];
  const args = [...pip, "--require-hashes", "--dest", folder, "--requirement", requirements];
  const toolOptions = { env: options.env, timeoutMs: TIMEOUT_MS, signal: options.signal };
  const local = await runTool(options.python, args, toolOptions);
  if (!local.ok) {
    const architecture = WHEEL_ARCHITECTURES[process.arch] ?? process.arch;
    const platforms = WHEEL_PLATFORMS.flatMap((platform) => ["--platform", `${platform}_${architecture}`]);
    const other = await runTool(options.python, [...args, ...OTHER_PYTHON, ...platforms], toolOptions);
    if (!other.ok) throw toToolError(`pip could not download ${requirement}`, other);
  }
  const name = (await readdir(folder)).find((candidate) => candidate.endsWith(".whl"));
  if (name === undefined) throw new LabError("engine", `pip download ${requirement}: expected a wheel, got none`);
  const megabytes = Math.round((await stat(join(folder, name))).size / 1e6);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  options.log(`downloaded ${name} (${megabytes} MB, ${seconds} s)`);
  return join(folder, name);
}

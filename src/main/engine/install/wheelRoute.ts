import { mkdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { LabError } from "#shared/labError.ts";

import { compileAddon } from "./compileAddon.ts";
import { downloadWheel } from "./downloadWheel.ts";
import { type EngineRecord, type EngineVariant, getEngineKey, writeEngineRecord } from "./engineCache.ts";
import type { Tools } from "./findTools.ts";
import type { KnownWheels } from "./knownWheels.ts";
import { probeAddon } from "./probeAddon.ts";
import { unpackCuda, withLibraryFolders } from "./unpackCuda.ts";
import { type UnpackedFile, unpackWheel } from "./unpackWheel.ts";

export interface WheelOptions {
  readonly variant: EngineVariant;
  /** What may be downloaded. */
  readonly wheels: KnownWheels;
  readonly tools: Tools;
  /** The tfjs-node-gpu package, whose addon is compiled. */
  readonly packageFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** Ends the download and the compiler. */
  readonly signal: AbortSignal | null;
}

/** The download of each variant in words for the person who waits, and the room it needs until it is unpacked. */
const VARIANTS: Readonly<Record<EngineVariant, { download: string; diskBytes: number }>> = {
  cpu: { download: "about 270 MB", diskBytes: 1.4e9 },
  cuda: { download: "with CUDA about 3 GB", diskBytes: 10e9 },
};
const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
const HEADERS = ["tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/"];

/**
 * Builds an engine in an empty folder: downloads a TensorFlow wheel with pip, takes its libraries and headers, compiles
 * the package's addon against them and loads it once. Writes the record last. Throws LabError `engine` or `disk`.
 */
export async function buildEngineFromWheel(folder: string, options: WheelOptions): Promise<EngineRecord> {
  const { env, log, packageFolder, signal, variant, wheels } = options;
  const { compiler, python } = requireTools(options.tools);
  const { download, diskBytes } = VARIANTS[variant];
  await checkDiskSpace(folder, diskBytes);
  const workFolder = join(folder, "work");
  await mkdir(workFolder);
  const known = wheels.tensorflow[variant];
  log(`downloading ${known.requirement.replace("==", " ")} (${download})`);
  const downloadOptions = { python, workFolder, env, log, signal };
  const wheel = await downloadWheel(known, downloadOptions);
  const libraries = await unpackTensorFlow(wheel, folder);
  const cudaLibraries = variant === "cuda" ? await unpackCuda(wheels.cuda, folder, downloadOptions) : [];
  log("compiling the TensorFlow.js addon (about half a minute)");
  const includeFolder = join(workFolder, "include");
  const addonFile = await compileAddon(folder, { packageFolder, includeFolder, compiler, workFolder }, { env, signal });
  await rm(workFolder, { recursive: true });
  const libraryFolders = [...new Set(cudaLibraries.map((file) => dirname(file.path)))];
  const tensorflow = await probeAddon(addonFile, withLibraryFolders(env, folder, libraryFolders));
  const addon = { path: relative(folder, addonFile), bytes: (await stat(addonFile)).size };
  const files = [addon, ...libraries, ...cudaLibraries];
  const record: EngineRecord = { key: getEngineKey(variant), tensorflow, files, libraryFolders };
  await writeEngineRecord(folder, record);
  return record;
}

function requireTools({ compiler, python }: Tools): { readonly compiler: string; readonly python: string } {
  const { platform } = process;
  if (platform !== "linux") throw new LabError("engine", `wheels are used on Linux only, got ${platform}`);
  if (python === null) throw new LabError("engine", "python3 with pip was not found");
  if (compiler === null) throw new LabError("engine", "a C++ compiler (g++) was not found");
  return { compiler, python };
}

async function checkDiskSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  const [needed, free] = [neededBytes, bavail * bsize].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  throw new LabError("disk", `the engine needs ${needed} free in ${dirname(folder)}, got ${free}`);
}

/** Takes the two libraries to `deps/lib` and the headers to `work/include`. Returns the libraries. */
async function unpackTensorFlow(wheel: string, folder: string): Promise<readonly UnpackedFile[]> {
  const unpacked = await unpackWheel(wheel, folder, (entry) => {
    const library = LIBRARIES.find((name) => entry === `tensorflow/${name}`);
    if (library !== undefined) return `deps/lib/${library}`;
    const header = entry.startsWith("tensorflow/include/") ? entry.slice("tensorflow/include/".length) : null;
    return header !== null && HEADERS.some((prefix) => header.startsWith(prefix)) ? `work/include/${header}` : null;
  });
  const libraries = unpacked.filter((file) => file.path.startsWith("deps/lib/"));
  if (libraries.length === LIBRARIES.length) return libraries;
  throw new LabError("engine", `the wheel should hold ${LIBRARIES.join(" and ")}, got ${libraries.length} of them`);
}

import { mkdir, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { NAPI_LEVEL, getAddonFile } from "./engineCache.ts";
import { runTool, type ToolOptions, toToolError } from "./runTool.ts";

export interface AddonSources {
  /** The tfjs-node-gpu package, whose `binding` folder holds the addon's source. */
  readonly packageFolder: string;
  readonly includeFolder: string;
  readonly compiler: string;
  /** Where object files may lie until the addon is linked. */
  readonly workFolder: string;
}

/** In which environment the compiler runs, and what ends it. */
type CompilerOptions = Pick<ToolOptions, "env" | "signal">;

const TIMEOUT_MS = 10 * 60_000;

/**
 * Compiles the package's own addon against the libraries in `deps/lib` of an engine's folder, one compiler per source
 * file. Returns the addon's path. Throws LabError `engine` with the compiler's first error.
 */
export async function compileAddon(
  engineFolder: string,
  sources: AddonSources,
  options: CompilerOptions,
): Promise<string> {
  const bindingFolder = join(sources.packageFolder, "binding");
  const names = (await readdir(bindingFolder)).filter((name) => name.endsWith(".cc"));
  const objects = await Promise.all(
    names.map(async (name) => {
      const object = join(sources.workFolder, name.replace(/\.cc$/, ".o"));
      await compile(sources, ["-c", join(bindingFolder, name), "-o", object, ...getCompileFlags(sources)], options);
      return object;
    }),
  );
  const addonFile = getAddonFile(engineFolder);
  await mkdir(dirname(addonFile), { recursive: true });
  await compile(sources, ["-shared", ...objects, "-o", addonFile, ...getLinkFlags(engineFolder)], options);
  return addonFile;
}

function getCompileFlags(sources: AddonSources): readonly string[] {
  const headers = createRequire(import.meta.url).resolve("node-api-headers/package.json");
  const folders = [sources.packageFolder, sources.includeFolder, join(dirname(headers), "include")];
  return [
    "-std=c++17",
    "-O2",
    "-fPIC",
    "-w",
    `-DNAPI_VERSION=${NAPI_LEVEL}`,
    ...folders.map((folder) => `-I${folder}`),
  ];
}

/** The libraries are found from the addon's own place, wherever the engine's folder is moved to. */
function getLinkFlags(engineFolder: string): readonly string[] {
  return [
    `-L${join(engineFolder, "deps", "lib")}`,
    "-l:libtensorflow_cc.so.2",
    "-l:libtensorflow_framework.so.2",
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
  ];
}

async function compile(sources: AddonSources, args: readonly string[], options: CompilerOptions): Promise<void> {
  const result = await runTool(sources.compiler, args, { ...options, timeoutMs: TIMEOUT_MS });
  if (!result.ok) throw toToolError("the addon does not compile", result);
}

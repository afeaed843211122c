import { LabError } from "#shared/labError.ts";

import { runTool, toToolError } from "./runTool.ts";

/** Binds every symbol at once (RTLD_NOW), so that a TensorFlow without one of the 55 functions fails here and not in a run. */
const PROBE = `
  const addon = { exports: {} };
  process.dlopen(addon, process.argv[1], require("node:os").constants.dlopen.RTLD_NOW ?? 1);
  process.stdout.write("TensorFlow " + addon.exports.TF_Version);
`;

/**
 * Loads an addon in a process of its own, where a crash of its libraries harms nobody, and returns its TensorFlow
 * version. Throws LabError `engine` with the loader's words.
 */
export async function probeAddon(addonFile: string, env: NodeJS.ProcessEnv): Promise<string> {
  const result = await runTool(process.execPath, ["-e", PROBE, addonFile], {
    env: { ...env, ELECTRON_RUN_AS_NODE: "1", TF_CPP_MIN_LOG_LEVEL: "2" },
    timeoutMs: 120_000,
  });
  const version = /TensorFlow (\d+\.\d+\.\S+)/.exec(result.stdout)?.[1];
  if (version === undefined) {
    if (!result.ok) throw toToolError("the addon does not load", result);
    throw new LabError("engine", `the addon does not load: it said "${result.stdout}"`);
  }
  return version;
}

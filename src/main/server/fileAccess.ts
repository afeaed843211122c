import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";

import type { ProcedureName } from "#shared/api/contract.ts";
import type { DenoiseRequest } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { LabError } from "#shared/api/labError.ts";

/** The paths that the arguments of a question name, as the door has checked them. */
const PATHS_OF: Partial<Readonly<Record<ProcedureName, (args: readonly unknown[]) => readonly string[]>>> = {
  startDenoise: ([request]) => {
    const { inputs, output } = request as DenoiseRequest;
    const files = inputs.filter((input) => typeof input === "string");
    return output.kind === "folder" && output.folder !== null ? [...files, output.folder] : files;
  },
  saveDenoised: ([wish]) => [(wish as { readonly file: string }).file],
};

/** Questions that name a model: a training run, never a file. */
const MODELS_OF: Partial<Readonly<Record<ProcedureName, (args: readonly unknown[]) => readonly string[]>>> = {
  startDenoise: ([request]) => (request as DenoiseRequest).models,
};

/**
 * Keeps windows from afar to the files that the lab has to do with: its home, the registered data sets and the files that
 * were uploaded. Links are followed before they are judged. Throws LabError `permission`.
 */
export function createFileGuard(
  lab: Lab,
  uploads: string,
): (name: ProcedureName, args: readonly unknown[]) => Promise<void> {
  return async (name, args) => {
    const paths = PATHS_OF[name]?.(args) ?? [];
    const models = MODELS_OF[name]?.(args) ?? [];
    for (const model of models) {
      if (/[/\\]/.test(model)) throw new LabError("permission", `${name}: a model must be a run, got ${model}`);
    }
    if (paths.length === 0) return;
    const open = await Promise.all([uploads, ...(await lab.listOpenFolders())].map(resolveLinks));
    for (const path of paths) {
      const real = await resolveLinks(path);
      if (open.some((folder) => real === folder || real.startsWith(`${folder}${sep}`))) continue;
      throw new LabError("permission", `${name}: ${path} must lie in the lab's home or in a registered data set`);
    }
  };
}

/** Follows all links of a path, of which the end need not exist yet. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await resolveLinks(parent), basename(path));
  }
}

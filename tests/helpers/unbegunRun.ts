import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { getRunPaths, readStatus, writeStatus } from "#main/store/runs/runFolder.ts";

import { makeFolder } from "./labHome.ts";

/** Copies a run's folder as it was before the run began. */
export async function copyUnbegun(folder: string): Promise<string> {
  const copy = getRunPaths(join(await makeFolder(), "run"));
  await mkdir(copy.checkpoints, { recursive: true });
  for (const name of ["config.yaml", "resolved.json"]) await cp(join(folder, name), join(copy.folder, name));
  await writeFile(copy.events, "");
  const { state, step, best, engine } = { state: "queued", step: 0, best: null, engine: null } as const;
  const status = await readStatus(getRunPaths(folder));
  await writeStatus(copy, { ...status, state, step, best, engine, reason: null, owner: null, worker: null });
  return copy.folder;
}

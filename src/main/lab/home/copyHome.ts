import { existsSync } from "node:fs";
import { cp, readdir } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";

import { runTool } from "#main/engine/install/runTool.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";
import { ACTIVE_STATES } from "#shared/runs/runEvent.ts";

import type { LabContext } from "#main/lab/labContext.ts";

/** What a copy of a home has, and what its reader must still see to. */
export interface CopiedHome {
  readonly target: string;
  /** Data sets whose photos are not those that the lab downloaded: where they lie must be told of there. */
  readonly outside: readonly { readonly name: string; readonly folder: string }[];
}

/** What belongs to the computer alone: what was thrown away, copies of the database, who may come in, and locks. */
const LEFT = ["trash", "backups", "serve-token"] as const;
const LOCK = /\.lock$/;
/** As `scp` writes a place on another computer; a single letter is a drive. */
const ELSEWHERE = /^(?:[^@/\\:]+@)?[^@/\\:]{2,}:(?!\\).+$/;
/** Homes of many gigabytes over slow lines. */
const LONGEST_MS = 86_400_000;

/**
 * Copies the lab's home to a folder, or by rsync to another computer (`HOST:FOLDER`); it can be used there as it is. Throws LabError `busy`
 * while a run is at work, `bad_config` for a folder that holds something.
 */
export async function copyHome(lab: LabContext, target: string): Promise<CopiedHome> {
  const active = (await lab.listRuns()).filter(({ state }) => ACTIVE_STATES.has(state));
  if (active.length > 0) {
    const names = active.map(({ id }) => id).join(", ");
    throw new LabError("busy", `no run must be at work while it is copied, got ${names}`);
  }
  const outside = lab
    .getStore()
    .datasets.list()
    .flatMap(({ name, folder, noisyFolder }) =>
      [folder, ...(noisyFolder === null ? [] : [noisyFolder])].map((each) => ({ name, folder: each })),
    )
    .filter(({ folder }) => !isInside(lab.paths.publicSets, folder));
  // What the database still holds back is written when it is closed.
  lab.closeStore();
  if (ELSEWHERE.test(target)) await copyElsewhere(lab.home, target);
  else await copyHere(lab.home, resolve(target));
  return { target, outside };
}

async function copyHere(home: string, target: string): Promise<void> {
  if (isInside(home, target)) throw new LabError("bad_config", `${target} must lie outside of ${home}`);
  if (existsSync(target) && (await readdir(target)).length > 0) {
    throw new LabError("bad_config", `${target} must be empty or not be there yet`);
  }
  try {
    await cp(home, target, {
      recursive: true,
      preserveTimestamps: true,
      filter: (source) => {
        const [first = ""] = relative(home, source).split(sep);
        return !LEFT.some((name) => name === first) && !LOCK.test(source);
      },
    });
  } catch (cause) {
    throw toDiskError(`copy ${home} to ${target}`, cause);
  }
}

async function copyElsewhere(home: string, target: string): Promise<void> {
  const excluded = [...LEFT.map((name) => `/${name}`), "*.lock"].map((name) => `--exclude=${name}`);
  const args = ["-a", "--partial", ...excluded, "--", join(home, sep), target.endsWith("/") ? target : `${target}/`];
  const { failure } = await runTool("rsync", args, { env: process.env, timeoutMs: LONGEST_MS, signal: null });
  if (failure !== null) throw new LabError("disk", `rsync could not copy to ${target}: ${failure}`);
}

function isInside(home: string, path: string): boolean {
  const way = relative(resolve(home), resolve(path));
  return way === "" || (!way.startsWith("..") && !way.startsWith(sep) && resolve(way) !== way);
}

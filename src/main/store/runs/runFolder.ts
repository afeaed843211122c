import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { stringify } from "yaml";

import { toDiskError } from "#main/files/diskError.ts";
import { getOwnerTag } from "#main/files/processIdentity.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { makeFolder, syncFolder } from "#main/files/syncFolder.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { LabError } from "#shared/labError.ts";

import {
  type RunControl,
  runControlSchema,
  type RunManifest,
  runManifestSchema,
  type RunStatus,
  runStatusSchema,
} from "./runFiles.ts";

/** Where each file of a run lies. */
export interface RunPaths {
  readonly folder: string;
  readonly config: string;
  readonly resolved: string;
  readonly environment: string;
  /** Which photos have which part in the run. */
  readonly split: string;
  readonly events: string;
  readonly status: string;
  readonly control: string;
  /** What people say of the run. */
  readonly label: string;
  readonly result: string;
  readonly log: string;
  readonly checkpoints: string;
  readonly genotypes: string;
  readonly images: string;
  readonly evaluations: string;
}

/** Names the files of a run folder. */
export function getRunPaths(folder: string): RunPaths {
  return {
    folder,
    config: join(folder, "config.yaml"),
    resolved: join(folder, "resolved.json"),
    environment: join(folder, "env.json"),
    split: join(folder, "split.json"),
    events: join(folder, "events.jsonl"),
    status: join(folder, "status.json"),
    control: join(folder, "control.json"),
    label: join(folder, "label.json"),
    result: join(folder, "result.json"),
    log: join(folder, "log.txt"),
    checkpoints: join(folder, "checkpoints"),
    genotypes: join(folder, "genotypes"),
    images: join(folder, "images"),
    evaluations: join(folder, "evaluations"),
  };
}

/** The name of a sample picture of some step. */
export const SAMPLE_FILE = /^sample-(\d+)\.png$/;

/** Names the picture of a run's sample at a step, of what the network gets, or of what it ought to give; steps sort as text. */
export function getSampleFile({ images }: RunPaths, step: number | "noisy" | "clean"): string {
  return join(images, `sample-${typeof step === "string" ? step : String(step).padStart(7, "0")}.png`);
}

/**
 * Creates `run-<id>` in the folder of runs with its configuration and first status. It appears under its name only when
 * it is complete, and survives a power cut from then on. Throws LabError `disk` or `permission`.
 */
export async function createRunFolder(runsFolder: string, manifest: RunManifest, status: RunStatus): Promise<RunPaths> {
  const final = join(runsFolder, `run-${manifest.id}`);
  const unfinished = join(runsFolder, `.new-${manifest.id}-${getOwnerTag()}`);
  const paths = getRunPaths(unfinished);
  try {
    await makeFolder(runsFolder);
    for (const folder of [paths.checkpoints, paths.genotypes, paths.images, paths.evaluations]) {
      await mkdir(folder, { recursive: true });
    }
    await writeFileAtomically(paths.config, stringify(manifest.config));
    await writeJson(paths.resolved, manifest);
    await writeFileAtomically(paths.events, "");
    await writeFileAtomically(paths.log, "");
    await writeJson(paths.status, status);
    await rename(unfinished, final);
    await syncFolder(runsFolder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw toDiskError(`create ${final}`, cause);
  }
  return getRunPaths(final);
}

/** Reads what was decided before the run began. Throws LabError `not_found`, `bad_data` or `bad_genotype`. */
export function readManifest(paths: RunPaths): Promise<RunManifest> {
  return readJsonFile(paths.resolved, runManifestSchema);
}

/** Reads how the run is doing. Throws LabError `not_found` or `bad_data`. */
export function readStatus(paths: RunPaths): Promise<RunStatus> {
  return readJsonFile(paths.status, runStatusSchema);
}

/** Replaces status.json; only the owner of the run may. */
export function writeStatus(paths: RunPaths, status: RunStatus): Promise<void> {
  return writeJson(paths.status, status);
}

/** Reads what people want of the run; `run` where nobody has said anything. */
export async function readControl(paths: RunPaths): Promise<RunControl["want"]> {
  try {
    return (await readJsonFile(paths.control, runControlSchema)).want;
  } catch (error) {
    if (error instanceof LabError && error.kind === "not_found") return "run";
    throw error;
  }
}

/** Leaves an order for the owner of the run. */
export function writeControl(paths: RunPaths, want: RunControl["want"]): Promise<void> {
  return writeJson(paths.control, { want, at: new Date().toISOString() });
}

/** Writes a value as a JSON file that people can read, as a whole or not at all. */
export function writeJson(file: string, value: unknown): Promise<void> {
  return writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}

import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { LabError } from "#shared/labError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";

/** The newest TensorFlow whose wheels were checked against all C functions that the addon calls. */
export const TENSORFLOW_VERSION = "2.21.0";
const TFJS_VERSION = "4.22.0";
/** The newest N-API level that the package looks for; one binary serves every later Node and Electron. */
export const NAPI_LEVEL = 8;

export type EngineVariant = "cpu" | "cuda";

const RECORD_NAME = "engine.json";

const engineRecordSchema = z.object({
  key: z.string(),
  tensorflow: z.string(),
  /** Every file the engine needs, relative to its folder, with its size in bytes: a truncated file is seen at once. */
  files: z.array(z.object({ path: z.string(), bytes: z.number().int().positive() })).min(2),
  /** Folders with further shared libraries (CUDA), relative to the engine's folder. */
  libraryFolders: z.array(z.string()),
});
export type EngineRecord = z.infer<typeof engineRecordSchema>;

/** The folder for engines that belong to this user: `$HINAS_CACHE`, else `hinas-lab` in the platform's cache folder. */
export function getCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HINAS_CACHE) return env.HINAS_CACHE;
  if (process.platform === "win32" && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "hinas-lab", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "hinas-lab");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hinas-lab");
}

/** Names what an addon depends on, so that an engine is never used where it does not fit. */
export function getEngineKey(variant: EngineVariant): string {
  const platform = `${process.platform}-${process.arch}`;
  return `tfjs-${TFJS_VERSION}-tensorflow-${TENSORFLOW_VERSION}-${variant}-${platform}-napi${NAPI_LEVEL}`;
}

export function getEngineFolder(cacheFolder: string, variant: EngineVariant): string {
  return join(cacheFolder, "engine", getEngineKey(variant));
}

/** The addon inside an engine's folder. The folder mirrors the package, so the addon finds `deps/lib` by its own place. */
export function getAddonFile(folder: string): string {
  return join(folder, "lib", `napi-v${NAPI_LEVEL}`, "tfjs_binding.node");
}

/**
 * Reads what an engine's folder says it holds and checks it against the files there. Returns null where there is no
 * engine; throws LabError `engine` or `bad_data` where it is damaged, incomplete or made for something else.
 */
export async function readEngineRecord(folder: string, variant: EngineVariant): Promise<EngineRecord | null> {
  const recordFile = join(folder, RECORD_NAME);
  if (!existsSync(recordFile)) return null;
  const record = await readJsonFile(recordFile, engineRecordSchema);
  const key = getEngineKey(variant);
  if (record.key !== key) throw new LabError("engine", `${folder}: should be ${key}, got ${record.key}`);
  for (const file of record.files) {
    const found = await stat(join(folder, file.path)).catch(() => null);
    if (found?.size === file.bytes) continue;
    const got = found === null ? "no file" : String(found.size);
    throw new LabError("engine", `${join(folder, file.path)}: should have ${file.bytes} bytes, got ${got}`);
  }
  return record;
}

/** Writes what an engine's folder holds; the last step of making one. */
export async function writeEngineRecord(folder: string, record: EngineRecord): Promise<void> {
  await writeFileAtomically(join(folder, RECORD_NAME), `${JSON.stringify(record, null, 2)}\n`);
}

import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { LabError } from "#shared/labError.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";

import { type EngineDevice } from "#shared/api/engineDevice.ts";

import { ADDON_VARIABLE, getComputeEnvironment } from "./computeEnvironment.ts";
import {
  type EngineRecord,
  type EngineVariant,
  getAddonFile,
  getCacheFolder,
  getEngineFolder,
  readEngineRecord,
} from "./engineCache.ts";
import { withEngineDevice } from "./engineDevice.ts";
import { findEnginePackage, hasOwnAddon, runPackageInstaller } from "./enginePackage.ts";
import { forgetFailure, recallFailure, rememberFailure } from "./failureMemory.ts";
import { findNvidiaGpus, findTools } from "./findTools.ts";
import { KNOWN_WHEELS, type KnownWheels } from "./knownWheels.ts";
import { probeAddon } from "./probeAddon.ts";
import { withLibraryFolders } from "./unpackCuda.ts";
import { buildEngineFromWheel } from "./wheelRoute.ts";
import { withLock } from "./withLock.ts";

export interface EngineRoutes {
  /** True where a native TensorFlow is in place; otherwise the plain JavaScript back end is what is left. */
  readonly native: boolean;
  /** What was tried, in order, with why each failed or that it worked. */
  readonly routes: EngineFacts["routes"];
  /** The environment to start a process with that loads the engine: library folders, oneDNN, malloc thresholds. */
  readonly env: NodeJS.ProcessEnv;
}

export interface EnsureOptions {
  readonly log: (line: string) => void;
  /** Where engines are kept; by default this user's cache. */
  readonly cacheFolder?: string;
  /** The tfjs-node-gpu package whose addon is built; by default the installed one. Nothing is written into it. */
  readonly packageFolder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the engine is to compute on. */
  readonly device?: EngineDevice;
  /** Tries again what failed less than an hour ago. */
  readonly retry?: boolean;
  /** False takes what is in place already and installs nothing. */
  readonly mayInstall?: boolean;
  /** True lets the package's own installer run, whose downloads carry no checksum; somebody has to have said so. */
  readonly mayUseUnverified?: boolean;
  /** What may be downloaded, with its hashes; by default the wheels that were checked with this version. */
  readonly wheels?: KnownWheels;
  /** Ends the installation. */
  readonly signal?: AbortSignal | null;
}

type Settings = Required<EnsureOptions>;

/** Why the last route is not taken unasked. */
const UNVERIFIED =
  "not tried: TensorFlow 2.9.1 and the addon that it downloads carry no checksum; `hinas doctor --allow-unverified` lets it";

interface Success {
  readonly detail: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Attempt {
  readonly route: string;
  run(settings: Settings): Promise<Success>;
}

/**
 * Gets a native engine in place, trying in order: an addon that is already in the package, a TensorFlow wheel (from this
 * user's cache, or downloaded, checked and built once for all processes), the package's own installer where it is
 * allowed. Never throws for a route that fails: the result says why each did. Throws LabError `interrupted` where the
 * signal ends it, `engine` where the chosen device is not there.
 */
export async function ensureEngine(options: EnsureOptions): Promise<EngineRoutes> {
  const wanted: Settings = {
    cacheFolder: getCacheFolder(),
    packageFolder: findEnginePackage(),
    env: process.env,
    device: "auto",
    retry: false,
    mayInstall: true,
    mayUseUnverified: false,
    wheels: KNOWN_WHEELS,
    signal: null,
    ...options,
  };
  const gpus = await findNvidiaGpus(wanted.env);
  const settings = { ...wanted, env: withEngineDevice(wanted.env, wanted.device, gpus) };
  const hasGpu = gpus.length > 0 && settings.device !== "cpu";
  const routes: EngineFacts["routes"][number][] = [];
  for (const attempt of getAttempts(hasGpu)) {
    try {
      const { detail, env } = await attempt.run(settings);
      return {
        native: true,
        routes: [...routes, { route: attempt.route, ok: true, detail }],
        env: getComputeEnvironment(env),
      };
    } catch (cause) {
      if (settings.signal?.aborted)
        throw new LabError("interrupted", "the engine's installation was stopped", { cause });
      routes.push({ route: attempt.route, ok: false, detail: messageOf(cause) });
    }
  }
  return { native: false, routes, env: getComputeEnvironment({ ...settings.env, [ADDON_VARIABLE]: undefined }) };
}

function getAttempts(hasGpu: boolean): readonly Attempt[] {
  const cuda: Attempt = { route: "TensorFlow wheel with CUDA", run: (settings) => useWheel(settings, "cuda") };
  return [
    { route: "addon in the package", run: useOwnAddon },
    ...(hasGpu ? [cuda] : []),
    { route: "TensorFlow wheel", run: (settings) => useWheel(settings, "cpu") },
    { route: "the package's own installer", run: (settings) => useInstaller(settings, hasGpu) },
  ];
}

async function useOwnAddon({ packageFolder, env }: Settings): Promise<Success> {
  if (!(await hasOwnAddon(packageFolder))) throw new LabError("engine", "the package has no addon of its own");
  const addon = getAddonFile(packageFolder);
  const version = await probeAddon(addon, env);
  return { detail: `TensorFlow ${version} in ${packageFolder}`, env: { ...env, [ADDON_VARIABLE]: addon } };
}

async function useWheel(settings: Settings, variant: EngineVariant): Promise<Success> {
  const folder = getEngineFolder(settings.cacheFolder, variant);
  const record = (await readCached(folder, variant, settings)) ?? (await buildWheelOnce(settings, variant, folder));
  const env = withLibraryFolders(settings.env, folder, record.libraryFolders);
  return {
    detail: `TensorFlow ${record.tensorflow} in ${folder}`,
    env: { ...env, [ADDON_VARIABLE]: getAddonFile(folder) },
  };
}

/** A damaged engine is as good as none: it is built anew. */
async function readCached(folder: string, variant: EngineVariant, { log }: Settings): Promise<EngineRecord | null> {
  try {
    return await readEngineRecord(folder, variant);
  } catch (cause) {
    log(`the cached engine is not whole: ${messageOf(cause)}`);
    return null;
  }
}

/** Builds beside the engine's folder and renames at the end, so that a half-built engine is never taken for a whole one. */
async function buildWheelOnce(settings: Settings, variant: EngineVariant, folder: string): Promise<EngineRecord> {
  const tools = await findTools(settings.env);
  return unlessJustFailed(`${folder}.failed.json`, tools, settings, () =>
    withLock(folder, settings, async () => {
      const meanwhile = await readCached(folder, variant, settings);
      if (meanwhile !== null) return meanwhile;
      await removeLeftovers(folder);
      const building = await mkdtemp(`${folder}.building-`);
      try {
        const record = await buildEngineFromWheel(building, { ...settings, variant, tools });
        await rm(folder, { recursive: true, force: true });
        await rename(building, folder);
        return record;
      } finally {
        await rm(building, { recursive: true, force: true });
      }
    }),
  );
}

/** Builds that were killed leave their folders behind; the lock is held, so nobody works in them. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const leftovers = names.filter((name) => name.startsWith(`${basename(folder)}.building-`));
  await Promise.all(leftovers.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

async function useInstaller(settings: Settings, hasGpu: boolean): Promise<Success> {
  const { cacheFolder, env, log, mayUseUnverified, packageFolder, signal } = settings;
  if (!mayUseUnverified) throw new LabError("engine", UNVERIFIED);
  const memory = join(cacheFolder, "engine", "package-installer.failed.json");
  return unlessJustFailed(memory, { packageFolder, hasGpu }, settings, () =>
    withLock(packageFolder, settings, async () => {
      log("running the TensorFlow.js package's own installer");
      await runPackageInstaller(packageFolder, hasGpu, env, signal);
      return useOwnAddon(settings);
    }),
  );
}

async function unlessJustFailed<T>(
  memory: string,
  circumstances: object,
  settings: Settings,
  work: () => Promise<T>,
): Promise<T> {
  if (!settings.mayInstall) throw new LabError("engine", "it is not installed yet");
  const key = JSON.stringify(circumstances);
  const failure = settings.retry ? null : await recallFailure(memory, key);
  if (failure !== null) {
    const reason = `${failure.reason} (tried at ${failure.at}; \`hinas doctor\` tries again)`;
    settings.log(`not installing TensorFlow again yet: ${reason}`);
    throw new LabError("engine", reason);
  }
  try {
    const result = await work();
    await forgetFailure(memory);
    return result;
  } catch (cause) {
    if (!wasInterrupted(cause, settings)) {
      await rememberFailure(memory, key, messageOf(cause)).catch((error: unknown) => settings.log(messageOf(error)));
    }
    throw cause;
  }
}

/** What somebody ended says nothing about the next time. */
function wasInterrupted(cause: unknown, { signal }: Settings): boolean {
  return signal?.aborted === true || (cause instanceof LabError && cause.kind === "interrupted");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

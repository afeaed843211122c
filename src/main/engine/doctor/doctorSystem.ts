import { statfs } from "node:fs/promises";
import os from "node:os";
import { dirname } from "node:path";

import type { SystemFacts } from "#shared/api/doctor.ts";

import { getComputeEnvironment } from "#main/engine/install/computeEnvironment.ts";
import { findNvidiaGpus, findTools } from "#main/engine/install/findTools.ts";
import { readProcessorFlags } from "#main/engine/processorFlags.ts";

export interface SystemPlaces {
  readonly labHome: string;
  readonly cacheFolder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Looks at the machine: processor, memory, disks, GPUs and the programs that installing an engine needs. */
export async function collectSystemFacts({ labHome, cacheFolder, env }: SystemPlaces): Promise<SystemFacts> {
  const flags = readProcessorFlags();
  const [gpus, tools, homeMb, cacheMb] = await Promise.all([
    findNvidiaGpus(env),
    findTools(env),
    measureFreeMb(labHome),
    measureFreeMb(cacheFolder),
  ]);
  return {
    node: process.version,
    platform: `${os.type()} ${os.release()} ${process.arch}`,
    cpu: {
      model: os.cpus()[0]?.model ?? "unknown",
      cores: os.availableParallelism(),
      avx2: flags === null ? null : flags.has("avx2"),
      avx512: flags === null ? null : flags.has("avx512f"),
    },
    memory: { totalMb: toMb(getMemoryLimit()), availableMb: toMb(process.availableMemory()) },
    malloc: pickMalloc(getComputeEnvironment(env)),
    disks: [
      { holds: "lab home", folder: labHome, freeMb: homeMb },
      { holds: "engine cache", folder: cacheFolder, freeMb: cacheMb },
    ],
    gpus,
    tools,
  };
}

/** In bytes; a container's limit counts where it is lower than the machine's memory, and no limit reads as 0 or as huge. */
function getMemoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
}

/** Free space for this user at the folder, or at the nearest folder above that exists. */
async function measureFreeMb(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  if (found !== null) return toMb(found.bavail * found.bsize);
  const parent = dirname(folder);
  return parent === folder ? null : measureFreeMb(parent);
}

function pickMalloc(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const settings = Object.entries(env).filter(([name]) => /^MALLOC_.*_$/.test(name));
  return Object.fromEntries(settings.map(([name, value]) => [name, value ?? ""]));
}

function toMb(bytes: number): number {
  return Math.round(bytes / 1e6);
}

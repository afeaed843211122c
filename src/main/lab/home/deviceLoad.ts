import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";

import type { DeviceLoad } from "#shared/api/home.ts";

/** Tells how busy the computer is, since the last time it was asked. */
export type DeviceMeter = (folder: string) => Promise<DeviceLoad>;

const BYTES_PER_MB = 1e6;

/** Creates a meter that has not looked yet. */
export function createDeviceMeter(): DeviceMeter {
  let last: CpuTimes | null = null;
  return async (folder) => {
    const now = readCpuTimes();
    const cpuShare = last === null || now.total === last.total ? null : shareSince(last, now);
    last = now;
    const limit = process.constrainedMemory();
    const totalBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
    return {
      cpuShare,
      cores: availableParallelism(),
      memoryUsedMb: Math.max(0, totalBytes - process.availableMemory()) / BYTES_PER_MB,
      memoryTotalMb: totalBytes / BYTES_PER_MB,
      diskFreeMb: await measureFreeMb(folder),
    };
  };
}

/** Room for this user on the disk of a folder; null where the system does not tell. */
export async function measureFreeMb(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found === null ? null : (found.bavail * found.bsize) / BYTES_PER_MB;
}

interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

function readCpuTimes(): CpuTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

function shareSince(last: CpuTimes, now: CpuTimes): number {
  return Math.min(1, Math.max(0, (now.busy - last.busy) / (now.total - last.total)));
}

import { readFileSync } from "node:fs";
import { hostname } from "node:os";

import { z } from "zod";

import { getErrorCode } from "./diskError.ts";

/** Which process it is, beyond its number, which the system gives out again: `startedAt` is null where unknown. */
export const processIdentitySchema = z.object({
  pid: z.int().positive(),
  startedAt: z.string().nullable(),
  host: z.string(),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** Owners write a heartbeat every few seconds; after this silence an owner that cannot be looked up counts as gone. */
const HEARTBEAT_LIMIT_MS = 60_000;

/** Says who this process is. */
export function getOwnIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: readStartTime(process.pid), host: hostname() };
}

/**
 * Tells whether a process still lives. On this computer it is looked up by number and start time; on another computer
 * (a shared folder), or where start times are unknown, its last heartbeat decides.
 */
export function isAlive(identity: ProcessIdentity, heartbeatAt: string, now: number = Date.now()): boolean {
  const isFresh = now - Date.parse(heartbeatAt) < HEARTBEAT_LIMIT_MS;
  if (identity.host !== hostname()) return isFresh;
  if (!isRunning(identity.pid)) return false;
  return identity.startedAt === null ? isFresh : readStartTime(identity.pid) === identity.startedAt;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to someone else.
    return getErrorCode(error) === "EPERM";
  }
}

/** Reads boot and clock ticks of a process's start from Linux's /proc; null elsewhere, or where the process has ended. */
function readStartTime(pid: number): string | null {
  if (process.platform !== "linux") return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields after the name, which stands in brackets and may hold spaces and brackets: state is the first, start time the twentieth.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const isZombie = fields[0] === "Z" || fields[0] === "X";
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return isZombie || fields[19] === undefined ? null : `${bootId}:${fields[19]}`;
  } catch {
    return null;
  }
}

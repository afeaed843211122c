import { createHash } from "node:crypto";
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

/** What can be found out about a process; `unsure` where it is on another computer or its start is unknown. */
export type Vitality = "alive" | "dead" | "unsure";

/** Owners write a heartbeat every few seconds; after this silence an owner that cannot be looked up counts as gone. */
const HEARTBEAT_LIMIT_MS = 60_000;

/** Says who this process is. */
export function getOwnIdentity(): ProcessIdentity {
  return identifyProcess(process.pid);
}

/** Says which process of this computer has a number now. */
export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: readStartTime(pid), host: hostname() };
}

/** Looks a process up by number and start time. */
export function examineProcess({ pid, startedAt, host }: ProcessIdentity): Vitality {
  if (host !== hostname()) return "unsure";
  if (!isRunning(pid)) return "dead";
  if (startedAt === null) return "unsure";
  return readStartTime(pid) === startedAt ? "alive" : "dead";
}

/** Tells whether a process still lives, as far as one can see at once: of one that cannot be looked up the heartbeat decides. */
export function isAlive(identity: ProcessIdentity, heartbeatAt: string, now: number = Date.now()): boolean {
  const vitality = examineProcess(identity);
  return vitality === "unsure" ? isFresh(heartbeatAt, now) : vitality === "alive";
}

/** Clocks differ and are set: a heartbeat that lies far in the future says no more than one that lies far back. */
export function isFresh(heartbeatAt: string, now: number = Date.now()): boolean {
  return Math.abs(now - Date.parse(heartbeatAt)) < HEARTBEAT_LIMIT_MS;
}

/** The form of an owner's tag in a regular expression: of computer, process and its start. */
export const OWNER_TAG = "[0-9a-f]{6}-\\d+-[0-9a-f]{6}";

/** Says who this process is in a few letters, for names of files and folders. */
export function getOwnerTag(): string {
  return toTag(getOwnIdentity());
}

/** Tells whether the process of a tag was one of this computer and is gone. Where starts are unknown, its number must be free. */
export function isOwnerGone(tag: string): boolean {
  const pid = Number(tag.split("-")[1]);
  const now = identifyProcess(pid);
  if (!tag.startsWith(`${shorten(hostname())}-`)) return false;
  return !isRunning(pid) || tag !== toTag(now);
}

function toTag({ pid, startedAt, host }: ProcessIdentity): string {
  return `${shorten(host)}-${pid}-${shorten(startedAt ?? "")}`;
}

function shorten(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
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

import { existsSync, readFileSync } from "node:fs";

/** How long the event loop of this thread stood still at a time, at worst. */
export interface LongestBlock {
  /** By the clock: what a person waits. */
  readonly clockMs: number;
  /** Without the time in which this thread waited for a processor that other programs had; on Linux alone is that known. */
  readonly ownMs: number;
  /** The time in which this thread was at work, whatever else runs on the machine. */
  readonly workMs: number;
}

const TICK_MS = 5;
/** Linux tells here how long the thread ran and how long it waited to run, in nanoseconds. */
const SCHEDULE = "/proc/thread-self/schedstat";
const hasSchedule = existsSync(SCHEDULE);

/** Measures the longest block of the event loop while `work` goes on. */
export async function measureLoop(work: () => Promise<unknown>): Promise<LongestBlock> {
  let before = readTimes();
  let longest: LongestBlock = { clockMs: 0, ownMs: 0, workMs: 0 };
  const tick = (): void => {
    const now = readTimes();
    const clockMs = now.clockMs - before.clockMs - TICK_MS;
    longest = {
      clockMs: Math.max(longest.clockMs, clockMs),
      ownMs: Math.max(longest.ownMs, clockMs - (now.waitedMs - before.waitedMs)),
      workMs: Math.max(longest.workMs, now.workMs - before.workMs),
    };
    before = now;
  };
  const timer = setInterval(tick, TICK_MS);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MS));
    return longest;
  } finally {
    clearInterval(timer);
  }
}

function readTimes() {
  const { user, system } = process.threadCpuUsage();
  const [, waitedNs = "0"] = hasSchedule ? readFileSync(SCHEDULE, "utf8").split(" ") : [];
  return { clockMs: performance.now(), workMs: (user + system) / 1000, waitedMs: Number(waitedNs) / 1e6 };
}

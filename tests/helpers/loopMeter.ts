/** How long the event loop of this thread stood still at a time, at worst. */
export interface LongestBlock {
  /** By the clock: what a person waits. */
  readonly clockMs: number;
  /** Of it, the time in which this thread itself was at work: what the program is to blame for, on a busy machine too. */
  readonly workMs: number;
}

const TICK_MS = 5;

/** Measures the longest block of the event loop while `work` goes on. */
export async function measureLoop(work: () => Promise<unknown>): Promise<LongestBlock> {
  let [clock, cpu] = [performance.now(), readCpuMs()];
  let longest: LongestBlock = { clockMs: 0, workMs: 0 };
  const tick = (): void => {
    const [now, used] = [performance.now(), readCpuMs()];
    longest = {
      clockMs: Math.max(longest.clockMs, now - clock - TICK_MS),
      workMs: Math.max(longest.workMs, used - cpu),
    };
    [clock, cpu] = [now, used];
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

function readCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

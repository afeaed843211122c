import type { CDPSession, Page } from "playwright-core";

/** What a page did since `begin`. Times in milliseconds. */
export interface Smoothness {
  /** Null where no task was as long as the browser begins to report at, 50 ms. */
  readonly longestTaskMs: number | null;
  readonly longTasks: number;
  readonly frames: number;
  readonly frameMs95: number;
  /** Share of the time in which the page's main thread was at work, 0..1. */
  readonly busy: number;
}

/** What a page holds after a garbage collection, in MB (1e6 bytes). */
export interface Holding {
  /** Objects of JavaScript and the contents of its typed arrays. */
  readonly heapMb: number;
  /** What the browser keeps for the page's elements and canvases. */
  readonly elementsMb: number;
  readonly nodes: number;
}

/** Measures one page with the browser's own tools. */
export interface PageMeter {
  /** Begins to measure anew; what came before is given back. */
  begin(): Promise<Smoothness>;
  read(): Promise<Smoothness>;
  /** Collects garbage and weighs what is left; the pause that this makes does not count. */
  weigh(): Promise<Holding>;
}

type FromPage = Omit<Smoothness, "busy">;

interface InPage {
  begin(): void;
  read(): FromPage;
  leaveOut(isLeftOut: boolean): void;
}

type MeteredGlobal = typeof globalThis & { hinasMeter: InPage };

/** Longer runs keep the frames of their end. */
const MOST_FRAMES = 120_000;

/** Sets the meter up; must be called before the page is opened. */
export async function setUpPageMeter(page: Page): Promise<PageMeter> {
  await page.addInitScript(installMeter, MOST_FRAMES);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  let start = await readClock(devtools);
  const read = async (): Promise<Smoothness> => {
    const fromPage = await page.evaluate(() => (globalThis as MeteredGlobal).hinasMeter.read());
    const now = await readClock(devtools);
    return { ...fromPage, busy: (now.busy - start.busy) / (now.wall - start.wall) };
  };
  return {
    begin: async () => {
      const before = await read();
      await page.evaluate(() => (globalThis as MeteredGlobal).hinasMeter.begin());
      start = await readClock(devtools);
      return before;
    },
    read,
    weigh: async () => {
      await leaveOut(page, true);
      const before = await readClock(devtools);
      const holding = await weigh(devtools);
      const after = await readClock(devtools);
      start = { busy: start.busy + after.busy - before.busy, wall: start.wall + after.wall - before.wall };
      await leaveOut(page, false);
      return holding;
    },
  };
}

/** Seconds since some beginning: on the clock, and at work in the page's main thread. */
interface Clock {
  readonly wall: number;
  readonly busy: number;
}

async function readClock(devtools: CDPSession): Promise<Clock> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const find = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { wall: find("Timestamp"), busy: find("TaskDuration") };
}

function leaveOut(page: Page, isLeftOut: boolean): Promise<void> {
  return page.evaluate((is) => (globalThis as MeteredGlobal).hinasMeter.leaveOut(is), isLeftOut);
}

async function weigh(devtools: CDPSession): Promise<Holding> {
  await devtools.send("HeapProfiler.collectGarbage");
  // Newer than the types: typed arrays and elements are counted apart.
  const usage = (await devtools.send("Runtime.getHeapUsage")) as {
    readonly usedSize: number;
    readonly embedderHeapUsedSize?: number;
    readonly backingStorageSize?: number;
  };
  const { nodes } = await devtools.send("Memory.getDOMCounters");
  return {
    heapMb: (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1e6,
    elementsMb: (usage.embedderHeapUsedSize ?? 0) / 1e6,
    nodes,
  };
}

/** Runs inside the page, so it can use nothing from outside. */
function installMeter(mostFrames: number): void {
  const { requestAnimationFrame } = globalThis as unknown as {
    requestAnimationFrame(callback: (now: number) => void): void;
  };
  const frames = new Float32Array(mostFrames);
  const pauses: { from: number; to: number }[] = [];
  let tasks: { from: number; to: number }[] = [];
  let frameCount = 0;
  let lastFrame: number | null = null;
  const isPaused = (): boolean => pauses.at(-1)?.to === Infinity;

  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ from: startTime, to: startTime + duration });
  });
  observer.observe({ type: "longtask" as "function", buffered: true });
  const onFrame = (now: number): void => {
    if (isPaused()) lastFrame = null;
    else {
      if (lastFrame !== null) frames[frameCount++ % mostFrames] = now - lastFrame;
      lastFrame = now;
    }
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);

  (globalThis as MeteredGlobal).hinasMeter = {
    begin: () => {
      observer.takeRecords();
      tasks = [];
      frameCount = 0;
    },
    read: () => {
      const counted = tasks.filter(({ from, to }) => !pauses.some((pause) => from < pause.to && to > pause.from));
      const sorted = frames.slice(0, Math.min(frameCount, mostFrames)).sort();
      return {
        longestTaskMs: counted.length === 0 ? null : Math.max(...counted.map(({ from, to }) => to - from)),
        longTasks: counted.length,
        frames: frameCount,
        frameMs95: sorted[Math.floor(sorted.length * 0.95)] ?? NaN,
      };
    },
    leaveOut: (isLeftOut) => {
      const pause = pauses.at(-1);
      if (isLeftOut) pauses.push({ from: performance.now(), to: Infinity });
      else if (pause !== undefined) pause.to = performance.now();
    },
  };
}

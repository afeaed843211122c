import { runTool } from "#main/engine/install/runTool.ts";
import { type EngineDevice, toGpuNumber } from "#shared/api/engineDevice.ts";

/** How busy a graphics card is, as its driver tells it; what it does not tell is absent. */
export interface GpuLoad {
  /** Share of the time in which the card was at work, 0..1. */
  readonly gpuShare?: number;
  readonly gpuMemoryMb?: number;
  readonly gpuMemoryTotalMb?: number;
}

/** Tells how busy the card is that a run computes on. */
export interface GpuMeter {
  /** Returns the newest answer at once, with nothing in it before the first, and asks again in the background. */
  read(): GpuLoad;
  /** Ends a question under way; nothing is asked any more. */
  close(): void;
}

/** As often as the processor's load is measured. */
const SAMPLE_MS = 1_000;
/** A driver that hangs is asked no faster than this. */
const TIMEOUT_MS = 10_000;
const QUESTION = ["--query-gpu=utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"];
/** CUDA's own variable: the cards that a process sees, the first of which the engine takes. */
const VISIBLE = "CUDA_VISIBLE_DEVICES";

/** Creates a meter of the card that `device` is; one whose first answer does not come is never asked again. */
export function createGpuMeter(device: EngineDevice, env: NodeJS.ProcessEnv = process.env): GpuMeter {
  const card = toGpuNumber(device) ?? Number(/^\d+/.exec(env[VISIBLE] ?? "")?.[0] ?? 0); // auto takes the first
  const stop = new AbortController();
  let load: GpuLoad = {};
  let hasAnswered = false;
  let isAsking = false;
  let isGivenUp = device === "cpu";
  let lastMs = -Infinity;

  async function ask(): Promise<void> {
    isAsking = true;
    lastMs = performance.now();
    const { ok, stdout } = await runTool("nvidia-smi", QUESTION, { env, timeoutMs: TIMEOUT_MS, signal: stop.signal });
    isAsking = false;
    isGivenUp = !ok && !hasAnswered;
    hasAnswered ||= ok;
    load = ok ? readGpuLoad(stdout, card) : {};
  }

  return {
    read: () => {
      const isDue = performance.now() - lastMs >= SAMPLE_MS;
      if (!isGivenUp && !isAsking && isDue && !stop.signal.aborted) void ask();
      return load;
    },
    close: () => stop.abort(),
  };
}

/** Reads the line of a card, counted from 0, out of what the driver answers: percent, MB in use and MB in all. */
export function readGpuLoad(answer: string, card: number): GpuLoad {
  const lines = answer.split("\n").filter((line) => line.trim() !== "");
  // Where a container sees fewer cards than the computer has, they are counted anew.
  const [share, used, total] = (lines[card] ?? lines[0] ?? "").split(",").map(toNumber);
  return {
    ...(share === undefined || share === null ? {} : { gpuShare: Math.min(1, Math.max(0, share / 100)) }),
    ...(used === undefined || used === null ? {} : { gpuMemoryMb: used }),
    ...(total === undefined || total === null ? {} : { gpuMemoryTotalMb: total }),
  };
}

/** Null for what a driver does not tell, which it writes as `[N/A]` or `[Not Supported]`. */
function toNumber(text: string): number | null {
  const value = Number(text.trim());
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

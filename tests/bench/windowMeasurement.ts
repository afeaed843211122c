import type { Holding, Smoothness } from "./pageMeter.ts";
import type { StreamPlan } from "./streamName.ts";

/** What was measured on one page. */
export interface WindowMeasurement {
  readonly title: string;
  readonly plan: StreamPlan;
  /** The page's size in CSS pixels: all charts are in sight. */
  readonly width: number;
  readonly height: number;
  /** From the page's opening until all charts are there. */
  readonly opening: Smoothness;
  /** From then on to the run's end. */
  readonly streaming: Smoothness;
  readonly holdings: readonly (Holding & { readonly step: number })[];
  /** Steps in the file that the loss chart saves after the run's end. */
  readonly savedSteps: number;
}

/** The bars, as the order for the window sets them. */
const LONGEST_TASK_MS = 100;
const GROWTH_SHARE = 0.15;
const GROWTH_MB = 10;

/** Says in words what misses its bar; empty where nothing does. */
export function findMisses({ title, streaming, holdings, plan, savedSteps }: WindowMeasurement): readonly string[] {
  const misses: string[] = [];
  if ((streaming.longestTaskMs ?? 0) >= LONGEST_TASK_MS) {
    misses.push(`${title}: the longest task must be under ${LONGEST_TASK_MS} ms`);
  }
  const [first, last] = [holdings[1], holdings.at(-1)];
  if (first !== undefined && last !== undefined) {
    const most = first.heapMb + Math.max(GROWTH_MB, GROWTH_SHARE * first.heapMb);
    if (last.heapMb > most) misses.push(`${title}: the heap must end at ${most.toFixed(1)} MB or less`);
  }
  if (savedSteps !== plan.steps) misses.push(`${title}: the saved table must have all ${plan.steps} steps`);
  return misses;
}

/** Renders measurements as tables for people. */
export function renderWindowMeasurement(measurement: WindowMeasurement): string {
  const { title, plan, width, height, opening, streaming, holdings, savedSteps } = measurement;
  const show = ({ longestTaskMs, longTasks, frameMs95, busy }: Smoothness): string => {
    const longest = longestTaskMs === null ? "under 50 ms" : `${longestTaskMs.toFixed(0)} ms (${longTasks} over 50 ms)`;
    return `longest task ${longest}, 95 of 100 frames within ${frameMs95.toFixed(1)} ms, busy ${(100 * busy).toFixed(0)} %`;
  };
  return [
    `${title}: ${plan.steps} steps at ${plan.rate} a second, ${width}x${height}`,
    `  while it opens:  ${show(opening)}`,
    `  while it streams: ${show(streaming)}`,
    `  steps in the saved table: ${savedSteps}`,
    "  step      heap        elements    nodes",
    ...holdings.map(
      ({ step, heapMb, elementsMb, nodes }) =>
        `  ${String(step).padEnd(8)}  ${`${heapMb.toFixed(1)} MB`.padEnd(10)}  ${`${elementsMb.toFixed(1)} MB`.padEnd(10)}  ${nodes}`,
    ),
    "",
  ].join("\n");
}

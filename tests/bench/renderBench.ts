import type { JobMeasurement, Measurements, TorchMeasurement } from "./measurements.ts";

/** A job's bars as formulas of the engine's best rate P in GFLOP/s: what must be reached, and what is aimed at. */
interface Bars {
  readonly title: string;
  readonly unit: "s" | "Mpixel/s";
  readonly reach: (peak: number) => number;
  readonly aim: (peak: number) => number;
  readonly memoryMb: number | null;
}

const BARS: Readonly<Record<Exclude<keyof Measurements, "engine">, Bars>> = {
  searchStep: {
    title: "search step",
    unit: "s",
    reach: (peak) => 4.1 + 300 / peak,
    aim: (peak) => 2.8 + 250 / peak,
    memoryMb: 3072,
  },
  searchStepRecompute: {
    title: "search step, recompute",
    unit: "s",
    reach: (peak) => 1.5 * (4.1 + 300 / peak),
    aim: (peak) => 1.3 * (2.8 + 250 / peak),
    memoryMb: 1229,
  },
  trainStep: {
    title: "training step",
    unit: "s",
    reach: (peak) => 1.3 + 105 / peak,
    aim: (peak) => 0.95 + 85 / peak,
    memoryMb: null,
  },
  inference: {
    title: "inference",
    unit: "Mpixel/s",
    reach: (peak) => 0.1 + peak / 1800,
    aim: () => 0.5,
    memoryMb: 1536,
  },
};

/** Renders measurements as a table for people, with the bars for this machine beside each figure. */
export function renderBench({ engine, ...jobs }: Measurements): string {
  const version = engine.tensorflow === null ? "" : ` ${engine.tensorflow}`;
  const head = `engine ${engine.name}${version}, oneDNN ${engine.oneDnn ? "on" : "off"}, peak ${engine.peakGflops.toFixed(0)} GFLOP/s`;
  const columns = ["work", "measured", "reach", "aim", "share of peak", "peak memory", "limit"];
  const rows = Object.entries(jobs).map(([name, job]) =>
    renderRow(BARS[name as keyof typeof BARS], job, engine.peakGflops),
  );
  return `${head}\n\n${align([columns, ...rows])}\n`;
}

/** Renders what the same network takes in PyTorch, and how many times faster this project is; or why that is not known. */
export function renderTorch({ trainStep, inference }: Measurements, torch: TorchMeasurement | string): string {
  if (typeof torch === "string") return `\n${torch}\n`;
  const { version, threads, trainStepSeconds, mpixelPerSecond, peakRssMb } = torch;
  const times = (ratio: number | undefined): string =>
    ratio === undefined ? "" : `${ratio.toFixed(2)} times faster here`;
  const rows = [
    [`PyTorch ${version}`, `${threads} threads`, `${peakRssMb.toFixed(0)} MB`],
    ["training step", `${trainStepSeconds.toFixed(2)} s`, times(trainStep && trainStepSeconds / trainStep.seconds)],
    [
      "inference",
      `${mpixelPerSecond.toFixed(2)} Mpixel/s`,
      times(inference?.mpixelPerSecond && inference.mpixelPerSecond / mpixelPerSecond),
    ],
  ];
  return `\n${align(rows)}\n`;
}

function renderRow(bars: Bars, job: JobMeasurement, peak: number): string[] {
  const measured = bars.unit === "s" ? job.seconds : (job.mpixelPerSecond ?? 0);
  const show = (value: number): string => `${value.toFixed(2)} ${bars.unit}`;
  return [
    bars.title,
    show(measured),
    show(bars.reach(peak)),
    show(bars.aim(peak)),
    `${((100 * job.gflop) / job.seconds / peak).toFixed(0)} %`,
    `${job.peakRssMb.toFixed(0)} MB`,
    bars.memoryMb === null ? "" : `${bars.memoryMb} MB`,
  ];
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

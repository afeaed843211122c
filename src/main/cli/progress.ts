import type { OnPhoto } from "#shared/api/lab.ts";

import { formatDuration } from "./formats.ts";
import type { Terminal } from "./terminal.ts";

const REDRAW_MS = 100;
/** Without a terminal each report stays in a log, so they come seldom. */
const LINE_MS = 10_000;
/** The rate is the mean over this long, so that the time left neither jumps nor lags. */
const RATE_WINDOW_MS = 30_000;
const BAR_WIDTH = 24;

/** How far a job is. */
export interface ProgressReport {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural, e.g. `steps`. */
  readonly unit: string;
  /** Latest figures, e.g. `loss 0.0123`. */
  readonly detail: string;
}

export interface Progress {
  report(report: ProgressReport): void;
  /** Takes the bar off the screen, so that other text can be printed. */
  clear(): void;
}

/** Shows a job's progress on stderr: a bar in a terminal, else a line every ten seconds; nothing when quiet. */
export function createProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  const { talk } = terminal;
  const isTerminal = talk.isTTY === true;
  const measureRate = createRateMeter(now);
  let nextMs = -Infinity;
  let isDrawn = false;
  return {
    report: (report) => {
      const rate = measureRate(report.done);
      const isDue = now() >= nextMs || (isTerminal && report.done >= report.total);
      if (terminal.quiet || !isDue) return;
      nextMs = now() + (isTerminal ? REDRAW_MS : LINE_MS);
      const line = isTerminal ? fit(formatBar(report, rate), talk.columns ?? 80) : formatLine(report, rate);
      talk.write(isTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
      isDrawn = isTerminal;
    },
    clear: () => {
      if (isDrawn) talk.write("\r\u001b[2K");
      isDrawn = false;
      nextMs = -Infinity;
    },
  };
}

/** Shows a job that goes through photos, for as long as the work takes. */
export async function showPhotos<Result>(
  label: string,
  terminal: Terminal,
  work: (onPhoto: OnPhoto) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(terminal);
  try {
    return await work((done, total) => progress.report({ label, done, total, unit: "photos", detail: "" }));
  } finally {
    progress.clear();
  }
}

function createRateMeter(now: () => number): (done: number) => number | null {
  const samples: { atMs: number; done: number }[] = [];
  return (done) => {
    const atMs = now();
    samples.push({ atMs, done });
    while (samples.length > 2 && atMs - (samples[0]?.atMs ?? atMs) > RATE_WINDOW_MS) samples.shift();
    const first = samples[0];
    if (first === undefined || atMs === first.atMs || done <= first.done) return null;
    return ((done - first.done) / (atMs - first.atMs)) * 1000;
  };
}

function formatBar(report: ProgressReport, rate: number | null): string {
  const share = shareDone(report);
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "━".repeat(filled) + "─".repeat(BAR_WIDTH - filled);
  return `${report.label} ${bar} ${formatFigures(report, rate)}`;
}

function formatLine(report: ProgressReport, rate: number | null): string {
  return `${report.label}: ${formatFigures(report, rate)}`;
}

function formatFigures(report: ProgressReport, rate: number | null): string {
  const percent = `${Math.floor(shareDone(report) * 100)} %`;
  const parts = [percent, `${report.done}/${report.total} ${report.unit}`];
  if (rate !== null) {
    parts.push(rate < 1 ? `${(1 / rate).toPrecision(3)} s each` : `${rate.toPrecision(3)}/s`);
    parts.push(`${formatDuration((report.total - report.done) / rate)} left`);
  }
  return [...parts, report.detail].filter((part) => part !== "").join("  ");
}

function shareDone({ done, total }: ProgressReport): number {
  return total <= 0 ? 0 : Math.min(1, done / total);
}

function fit(line: string, columns: number): string {
  return line.length < columns ? line : line.slice(0, Math.max(0, columns - 1));
}

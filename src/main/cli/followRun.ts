import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { EXIT_CODES, EXIT_CODE_OF_KIND, EXIT_CODE_OF_SIGNAL, type ExitCode } from "./exitCodes.ts";
import { formatPsnr } from "./formats.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { watchStopSignals } from "./stopSignals.ts";

/** The states worth a line while a run is followed; how it ended is said at the end. */
const ANNOUNCED: readonly RunState[] = ["queued", "preparing", "paused"];

/** How a followed run ended, and the exit code that says so. */
export interface FollowedRun {
  readonly run: RunSummary;
  readonly exitCode: ExitCode;
}

/** How the events of a followed run are shown. */
export interface FollowOptions {
  /** Prints every event as a line of JSON. */
  readonly jsonLines: boolean;
}

/**
 * Starts a run and stays with it to its end, with progress on stderr. The first Ctrl-C or SIGTERM asks the run to stop,
 * which saves a checkpoint; the second ends the process.
 */
export async function followRun(
  lab: Lab,
  start: () => Promise<RunSummary>,
  { jsonLines }: FollowOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<FollowedRun> {
  const progress = createProgress(terminal);
  let id: string | null = null;
  const stopping: Promise<void>[] = [];
  const signals = watchStopSignals(() => {
    progress.clear();
    terminal.say("Stopping after this step, with a checkpoint; once more ends at once.");
    if (id !== null) stopping.push(lab.controlRun(id, "stop"));
  });
  let unsubscribe = (): void => {};
  try {
    const started = await start();
    id = started.id;
    terminal.say(`Run ${started.id} in ${started.folder}`);
    unsubscribe = lab.subscribe(id, (event) => {
      if (jsonLines) terminal.printJsonLine(event);
      showEvent(event, started.kind, progress, terminal);
    });
    if (signals.received !== null) stopping.push(lab.controlRun(id, "stop"));
    const run = await lab.waitForRun(id);
    await Promise.all(stopping);
    const { received } = signals;
    const wasStopped = run.state !== "finished" && received !== null;
    return { run, exitCode: wasStopped ? EXIT_CODE_OF_SIGNAL[received] : exitCodeOf(run) };
  } finally {
    progress.clear();
    unsubscribe();
    signals.dispose();
  }
}

/** Says how a run ended and, where it can go on, how. */
export function sayEnd({ run }: FollowedRun, { terminal }: Pick<Session, "terminal">): void {
  const steps = `at step ${run.step} of ${run.totalSteps}`;
  if (run.state === "finished") {
    const best = run.best === null ? "" : `; best ${formatPsnr(run.best.psnrDb)} at step ${run.best.step}`;
    terminal.say(`Finished ${steps}${best}.`);
    return;
  }
  terminal.warn(`${run.state}: ${run.reason ?? steps}`);
  if (run.state === "stopped" || run.state === "interrupted") {
    terminal.say(`\`hinas runs resume ${run.id}\` goes on from the last checkpoint.`);
  }
}

function exitCodeOf(run: RunSummary): ExitCode {
  if (run.state === "finished") return EXIT_CODES.good;
  if (run.state === "stopped") return EXIT_CODES.interrupted;
  return run.errorKind === null ? EXIT_CODES.failed : EXIT_CODE_OF_KIND[run.errorKind];
}

function showEvent(event: RunEvent, label: string, progress: Progress, terminal: Session["terminal"]): void {
  const say = (line: string): void => {
    progress.clear();
    terminal.say(line);
  };
  switch (event.type) {
    case "step": {
      const { step, totalSteps, loss } = event;
      const detail = `loss ${loss.toPrecision(3)}`;
      progress.report({ label, done: step, total: totalSteps, unit: "steps", detail });
      return;
    }
    case "validation":
      say(
        `step ${event.step}: validation ${formatPsnr(event.validation.psnrDb)}, SSIM ${event.validation.ssim.toFixed(4)}` +
          (event.isBest ? " (best so far)" : ""),
      );
      return;
    case "state":
      if (ANNOUNCED.includes(event.state))
        say(`${event.state}${event.reason === undefined ? "" : `: ${event.reason}`}`);
      return;
    case "log":
      if (event.level !== "info" || terminal.verbose) say(`${event.level}: ${event.message}`);
      return;
    case "arch":
    case "candidate":
    case "checkpoint":
    case "sample":
    case "resumed":
      return;
  }
}

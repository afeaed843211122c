import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { addEvents, createRunHistory, findBest, type RunHistory } from "#shared/runs/history/runHistory.ts";
import type { RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { EXIT_CODES, EXIT_CODE_OF_KIND, EXIT_CODE_OF_SIGNAL, type ExitCode } from "./exitCodes.ts";
import { formatPsnr } from "./formats.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { watchStopSignals } from "./stopSignals.ts";

/** The states worth a line while a run is followed; how it ended is said at the end. */
const ANNOUNCED: readonly RunState[] = ["queued", "preparing", "paused"];

/** What is said of a run needs neither steps nor log lines of before. */
const LIMITS = { steps: 1, logLines: 0 };

/** How a followed run ended, and the exit code that says so. */
export interface FollowedRun {
  readonly run: RunSummary;
  readonly exitCode: ExitCode;
}

/** How the events of a followed run are shown. */
export interface FollowOptions {
  /** Prints every event as a line of JSON. */
  readonly jsonLines: boolean;
  /** True where a queue may ask for an orderly end; see `watchStopSignals`. */
  readonly isPatient?: boolean;
}

/** What following a run asks of whoever does it. */
export interface RunFollower extends Pick<Lab, "subscribe" | "waitForRun"> {
  controlRun(id: string, want: "stop"): Promise<void>;
}

/**
 * Starts a run and stays with it to its end, with progress on stderr. The first Ctrl-C or SIGTERM asks the run to stop,
 * which saves a checkpoint; the second ends the process.
 */
export async function followRun(
  lab: RunFollower,
  start: () => Promise<RunSummary>,
  { jsonLines, isPatient = false }: FollowOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<FollowedRun> {
  const progress = createProgress(terminal);
  let id: string | null = null;
  const stopping: Promise<void>[] = [];
  const signals = watchStopSignals(() => {
    progress.clear();
    terminal.say("Stopping after this step, with a checkpoint; once more ends at once.");
    if (id !== null) stopping.push(lab.controlRun(id, "stop"));
  }, isPatient);
  let history = createRunHistory();
  let unsubscribe = (): void => {};
  try {
    const started = await start();
    id = started.id;
    terminal.say(`Run ${started.id} in ${started.folder}`);
    unsubscribe = lab.subscribe(id, (event) => {
      if (jsonLines) terminal.printJsonLine(event);
      history = addEvents(history, [event], LIMITS);
      showEvent(event, history, started.kind, progress, terminal);
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
    const reason = run.reason === null ? "" : `; ${run.reason}`;
    terminal.say(`Finished ${steps}${best}${reason}.`);
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

/** Says what has happened, with the history up to and with it. */
function showEvent(
  event: RunEvent,
  history: RunHistory,
  label: string,
  progress: Progress,
  terminal: Session["terminal"],
): void {
  const say = (line: string): void => {
    progress.clear();
    terminal.say(line);
  };
  switch (event.type) {
    case "step": {
      const detail = `loss ${event.loss.toPrecision(3)}`;
      progress.report({ label, done: history.progress.step, total: event.totalSteps, unit: "steps", detail });
      return;
    }
    case "validation":
      say(
        `step ${event.step}: validation ${formatPsnr(event.validation.psnrDb)}, SSIM ${event.validation.ssim.toFixed(4)}` +
          (findBest(history)?.step === event.step ? " (best so far)" : ""),
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
    case "measure":
    case "candidate":
    case "checkpoint":
    case "sample":
    case "resumed":
      return;
  }
}
